import { resolve } from 'node:path';
import type { Invocation } from '../command.ts';
import { type WatchedWork, watchFiles } from '../file-watch.ts';
import type { FileResult } from './run-file.ts';

/** Runs one invocation of the tests: the files that were run, and the exit code. */
export type TestRun = () => Promise<{ readonly files: readonly FileResult[]; readonly code: number }>;

/** Runs the tests again whenever a test file, its configuration or what that reads changes, until the process is told to stop. */
export function watch(run: TestRun, invocation: Invocation): Promise<number> {
  return watchFiles(new WatchedTests(run, invocation), invocation);
}

class WatchedTests implements WatchedWork {
  lastCode = 0;
  readonly #run: TestRun;
  readonly #invocation: Invocation;
  #dependencies: readonly string[] = [];

  constructor(run: TestRun, invocation: Invocation) {
    this.#run = run;
    this.#invocation = invocation;
  }

  async run(): Promise<void> {
    const { files, code } = await this.#run();
    this.#dependencies = files.flatMap(({ dependencies }) => dependencies);
    this.lastCode = code;
  }

  concerns(path: string): boolean {
    return /\.mailtest\.ya?ml$/.test(path) || this.#dependencies.includes(path);
  }

  paths(): Iterable<string> {
    const { io, operands } = this.#invocation;
    const named = operands.length === 0 ? [io.cwd] : operands.map((operand) => resolve(io.cwd, operand));
    return [...named, ...this.#dependencies];
  }
}
