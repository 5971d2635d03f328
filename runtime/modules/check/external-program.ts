import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { endGroup } from '../process-group.ts';

export interface ProgramRun {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly output: Buffer;
}

const mostOutput = 1024 * 1024;

/** Where a program is: a name in PATH, a path from `directory`. Throws with maddy's words. */
export function findProgram(name: string, directory: string): string {
  if (name.includes('/')) {
    const path = resolve(directory, name);
    const fault = executableFault(path);
    if (fault !== null) throw new Error(`exec: ${JSON.stringify(name)}: stat ${path}: ${fault}`);
    return path;
  }
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(isAbsolute(folder) ? folder : resolve(directory, folder), name);
    if (executableFault(path) === null) return path;
  }
  throw new Error(`exec: ${JSON.stringify(name)}: executable file not found in $PATH`);
}

function executableFault(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 'no such file or directory';
  if (stat.isDirectory()) return 'is a directory';
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return 'permission denied';
  }
  return null;
}

/** A program without a shell, in a process group of its own, which ends with it. */
export class ExternalProgram {
  readonly #path: string;
  readonly #directory: string;
  readonly #timeout: number;
  readonly #running = new Set<ChildProcess>();

  /** `timeout` in milliseconds. */
  constructor(path: string, directory: string, timeout: number) {
    this.#path = path;
    this.#directory = directory;
    this.#timeout = timeout;
  }

  /** Gives `input` to its standard input. Throws when it cannot be started, runs too long, or writes too much. */
  run(args: readonly string[], input: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<ProgramRun> {
    return new Promise((done, failed) => {
      const child = spawn(this.#path, [...args], {
        cwd: this.#directory,
        stdio: ['pipe', 'pipe', 'ignore'],
        detached: true,
      });
      this.#running.add(child);
      const output: Buffer[] = [];
      let size = 0;
      let failure: string | null = null;
      const end = (reason: string): void => {
        failure ??= reason;
        endGroup(child);
      };
      const timer = setTimeout(() => end(`${this.#path} did not end in ${this.#timeout / 1_000} s`), this.#timeout);
      child.on('error', (error) => {
        failure ??= error.message;
        clearTimeout(timer);
        this.#running.delete(child);
        failed(error);
      });
      child.stdout.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > mostOutput) end(`${this.#path} wrote more than ${mostOutput} bytes`);
        else output.push(chunk);
      });
      child.on('close', (exitCode) => {
        clearTimeout(timer);
        this.#running.delete(child);
        if (failure !== null) failed(new Error(failure));
        else done({ exitCode, output: Buffer.concat(output) });
      });
      // Who does not want the message closes its standard input.
      child.stdin.on('error', () => {});
      void feed(child, input).catch((error: unknown) => end(String(error)));
    });
  }

  /** Ends what runs. */
  stop(): void {
    for (const child of this.#running) endGroup(child);
  }
}

async function feed({ stdin }: ChildProcess, input: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
  if (stdin === null) return;
  for await (const chunk of input) {
    if (stdin.destroyed) return;
    if (stdin.write(chunk)) continue;
    await new Promise<void>((resume) => {
      stdin.once('drain', resume);
      stdin.once('close', resume);
    });
  }
  stdin.end();
}
