import { fstatSync, writeSync } from 'node:fs';

/** The streams and surroundings of one invocation; tests give their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readStdin(): Promise<Uint8Array>;
  /** Standard input as it comes, for commands that answer line by line. */
  stdinChunks(): AsyncIterable<Uint8Array>;
  readonly stdinIsTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface Output {
  /** Text is written in UTF-8, bytes as they are. */
  write(content: string | Uint8Array): void;
  /** The reader went away (`maddyc check | head`): what is written is lost, and what waits for more to tell may end. */
  readonly isUnread: boolean;
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

/** Whether a terminal draws boxes: the locale says so (POSIX: LC_ALL before LC_CTYPE before LANG), and the Linux console's font cannot. */
export function showsUnicode(env: Io['env']): boolean {
  if (env.TERM === 'linux' || env.TERM === 'dumb') return false;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale) || process.platform === 'win32' || process.platform === 'darwin';
}

export function processIo(): Io {
  return {
    stdout: new DescriptorOutput(1),
    stderr: new DescriptorOutput(2),
    readStdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks);
    },
    stdinChunks: () => process.stdin,
    get stdinIsTerminal() {
      return isTerminal(0);
    },
    env: process.env,
    cwd: process.cwd(),
  };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/** Node's own text goes on with the call and its path: `ENOSPC: no space left on device, write`. */
export function systemWords(message: string): string {
  return /^E[A-Z]+: ([^,]+),/.exec(message)?.[1] ?? message;
}

/**
 * Standard output or error, written at once. Node's streams for them cost some 3 ms of a start: they are made only for a pipe
 * that is full for the moment, and to ask a terminal how wide it is.
 */
class DescriptorOutput implements Output {
  readonly #descriptor: 1 | 2;
  #usesStream = false;
  #isTerminal: boolean | null = null;
  #isUnread = false;

  constructor(descriptor: 1 | 2) {
    this.#descriptor = descriptor;
  }

  write(content: string | Uint8Array): void {
    if (this.#isUnread) return;
    if (this.#usesStream) {
      this.#stream().write(content);
      return;
    }
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code !== 'EAGAIN') {
        this.#lose(error);
        return;
      }
      this.#usesStream = true;
      const stream = this.#stream();
      stream.on('error', (lost: NodeJS.ErrnoException) => this.#lose(lost));
      stream.write(bytes.subarray(written));
    }
  }

  /** What was to be said cannot be said. */
  #lose({ code, message }: NodeJS.ErrnoException): void {
    // Nobody is left to tell, but the exit code still says what was found.
    if (code === 'EPIPE' || code === 'ECONNRESET') {
      this.#isUnread = true;
      return;
    }
    if (this.#descriptor === 2) return;
    const reason = systemWords(message);
    new DescriptorOutput(2).write(`maddyc: standard output cannot be written: ${reason}\n`);
    process.exit(2);
  }

  get isUnread(): boolean {
    return this.#isUnread;
  }

  get isTerminal(): boolean {
    this.#isTerminal ??= isTerminal(this.#descriptor);
    return this.#isTerminal;
  }

  get columns(): number {
    return this.isTerminal ? (this.#stream().columns ?? 80) : 80;
  }

  #stream(): NodeJS.WriteStream {
    return this.#descriptor === 1 ? process.stdout : process.stderr;
  }
}

function isTerminal(descriptor: 0 | 1 | 2): boolean {
  // Asking Node makes a stream: most descriptors are no terminal, which the system says for less.
  if (!mayBeTerminal(descriptor)) return false;
  const stream = descriptor === 0 ? process.stdin : descriptor === 1 ? process.stdout : process.stderr;
  return stream.isTTY === true;
}

/** Linux: /dev/null and its like. */
const memoryDevices = 1;

function mayBeTerminal(descriptor: number): boolean {
  try {
    const state = fstatSync(descriptor);
    return state.isCharacterDevice() && !(process.platform === 'linux' && state.rdev >> 8 === memoryDevices);
  } catch {
    // Closed by the caller.
    return false;
  }
}
