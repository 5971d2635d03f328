import type { Io, Output } from '../../cli/io.ts';
import { main } from '../../cli/main.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliSurroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Streams that are no terminals, and what was written to them. */
export function createIo({ cwd, env = {}, stdin = '' }: CliSurroundings): {
  readonly io: Io;
  readonly written: { readonly stdout: string; readonly stderr: string };
} {
  const written = { stdout: '', stderr: '' };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const output = (stream: keyof typeof written): Output => ({
    write: (content) => {
      written[stream] += typeof content === 'string' ? content : decoders[stream].decode(content, { stream: true });
    },
    isUnread: false,
    isTerminal: false,
    columns: 80,
  });
  const io: Io = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: async () => Buffer.from(stdin),
    async *stdinChunks() {
      yield Buffer.from(stdin);
    },
    stdinIsTerminal: false,
    env,
    cwd,
  };
  return { io, written };
}

/** One invocation of the command line in this process, with streams that are no terminals. */
export async function runCli(args: readonly string[], surroundings: CliSurroundings): Promise<CliResult> {
  const { io, written } = createIo(surroundings);
  const code = await main(args, io);
  return { code, ...written };
}
