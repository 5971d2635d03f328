import { spawn } from 'node:child_process';

const entry = new URL('../../cli/entry.ts', import.meta.url).pathname;

export interface Watching {
  /** The next report that says this: a file that is written in two steps may give two. */
  report(words: string): Promise<string>;
  readonly exited: Promise<number | null>;
  /** As Ctrl+C does. */
  stop(): void;
  kill(): void;
}

/** A command with `--watch` in a process of its own; both streams in one. */
export function startWatching(cwd: string, command: string, ...args: readonly string[]): Watching {
  const child = spawn(process.execPath, [entry, command, '--watch', ...args], {
    cwd,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  let wake = (): void => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      written += chunk.toString();
      wake();
    });
  }
  const exited = new Promise<number | null>((done) => child.on('exit', done));
  const next = async (): Promise<string> => {
    const end = 'watching; Ctrl+C ends it\n';
    while (!written.includes(end)) {
      await new Promise<void>((done) => {
        wake = done;
      });
    }
    const at = written.indexOf(end) + end.length;
    const part = written.slice(0, at);
    written = written.slice(at);
    return part;
  };
  const report = async (words: string): Promise<string> => {
    for (;;) {
      const part = await next();
      if (part.includes(words)) return part;
    }
  };
  return { report, exited, stop: () => child.kill('SIGINT'), kill: () => child.kill('SIGKILL') };
}
