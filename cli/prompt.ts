import { createInterface } from 'node:readline/promises';
import { UsageError } from './command.ts';
import type { Io } from './io.ts';

/** Asks on standard error and gives the line that comes in; nothing where nothing comes. */
export async function askLine(io: Io, question: string): Promise<string> {
  io.stderr.write(question);
  if (!io.stdinIsTerminal) return firstLine(io);
  const terminal = createInterface({ input: process.stdin });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
  }
}

/** As `askLine`, and the terminal does not show what is typed. */
export async function askPassword(io: Io, question: string): Promise<string> {
  io.stderr.write(question);
  if (!io.stdinIsTerminal) return firstLine(io);
  process.stdin.setRawMode(true);
  try {
    return await typedLine();
  } finally {
    process.stdin.setRawMode(false);
    process.stdin.pause();
    io.stderr.write('\n');
  }
}

async function firstLine(io: Io): Promise<string> {
  const text = Buffer.from(await io.readStdin()).toString('utf8');
  return text.split(/\r?\n/, 1)[0] ?? '';
}

async function typedLine(): Promise<string> {
  let typed = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    for (const key of String(chunk)) {
      if (key === '\r' || key === '\n' || key === '\x04') return typed;
      if (key === '\x03') throw new UsageError('cancelled');
      typed = key === '\x7f' || key === '\b' ? [...typed].slice(0, -1).join('') : typed + key;
    }
  }
  return typed;
}
