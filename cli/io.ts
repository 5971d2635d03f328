/** The streams and surroundings of one invocation; tests give their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readStdin(): Promise<Uint8Array>;
  readonly stdinIsTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  readonly columns: number;
}

export type ColorChoice = 'auto' | 'always' | 'never';

/** Colour only where somebody looks at it: a terminal, unless NO_COLOR (no-color.org) or the option say otherwise. */
export function usesColor(choice: ColorChoice, output: Output, env: Io['env']): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env.NO_COLOR) return false;
  return output.isTerminal && env.TERM !== 'dumb';
}

export function processIo(): Io {
  const output = (stream: NodeJS.WriteStream): Output => ({
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    columns: stream.columns ?? 80,
  });
  return {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    readStdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks);
    },
    stdinIsTerminal: process.stdin.isTTY === true,
    env: process.env,
    cwd: process.cwd(),
  };
}
