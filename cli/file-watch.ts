import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Invocation, isUsageError } from './command.ts';

/** An editor writes a file in several steps, and a checkout many files: they are looked at together. */
const settlingTime = 100;

/** What is done again whenever a file changes that takes part. Paths are absolute. */
export interface WatchedWork {
  /** `changed` is null the first time. A UsageError is told, and may be gone the next time. */
  run(changed: ReadonlySet<string> | null): Promise<void>;
  /** Whether a change of this file may change what comes. */
  concerns(path: string): boolean;
  /** Exit code of the last time. */
  readonly lastCode: number;
  /** Files that took part, and what was named on the command line, there or not. */
  paths(): Iterable<string>;
}

/** Does the work now and after every change, until the process is told to stop; gives the exit code of the last time. */
export async function watchFiles(work: WatchedWork, invocation: Invocation): Promise<number> {
  const session = new WatchSession(work, invocation);
  await session.run(null);
  await session.untilStopped();
  return work.lastCode;
}

class WatchSession {
  readonly #work: WatchedWork;
  readonly #invocation: Invocation;
  readonly #watchers = new Map<string, FSWatcher>();
  #changed = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  readonly #stopped = Promise.withResolvers<void>();
  #running: Promise<void> = Promise.resolve();

  constructor(work: WatchedWork, invocation: Invocation) {
    this.#work = work;
    this.#invocation = invocation;
  }

  async run(changed: ReadonlySet<string> | null): Promise<void> {
    const { io, has } = this.#invocation;
    this.#clear(changed);
    try {
      await this.#work.run(changed);
    } catch (error) {
      // The file may be on its way: it was renamed, or is being written.
      if (!isUsageError(error)) throw error;
      io.stderr.write(`maddyc: ${error.message}\n`);
    }
    if (io.stdout.isUnread) return this.#stop();
    this.#watchFolders();
    if (!has('quiet')) io.stderr.write('watching; Ctrl+C ends it\n');
  }

  async untilStopped(): Promise<void> {
    const stop = (): void => this.#stop();
    // A second one finds it stopping: a launcher passes on what has reached this process already.
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    await this.#stopped.promise;
    await this.#running;
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#stopped.resolve();
  }

  /** On a terminal the last report makes room, and stays in the scrollback; elsewhere a line parts the reports. */
  #clear(changed: ReadonlySet<string> | null): void {
    const { io } = this.#invocation;
    if (changed === null) return;
    const names = [...changed].map((path) => basename(path)).join(', ');
    if (io.stdout.isTerminal) io.stdout.write(`\u001b[2J\u001b[H`);
    if (!this.#invocation.has('quiet')) io.stderr.write(`\n${names} changed\n`);
  }

  /** Folders are watched and not files: most editors put a new file in the place of the old one. */
  #watchFolders(): void {
    const paths = [...this.#work.paths()];
    // A path may be a folder itself.
    const folders = new Set([...paths, ...paths.map((path) => dirname(path))]);
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watchFolder(folder);
  }

  #watchFolder(folder: string): void {
    try {
      const watcher = watchFolder(folder, (_event, name) => this.#noticed(join(folder, name ?? '')));
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(folder);
      });
      this.#watchers.set(folder, watcher);
    } catch {
      // It is not there (yet): the folder above it is watched, too.
    }
  }

  #noticed(path: string): void {
    if (!this.#work.concerns(path)) return;
    this.#changed.add(path);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const changed = this.#changed;
      this.#changed = new Set();
      this.#running = this.#running.then(() => this.run(changed));
    }, settlingTime);
  }
}
