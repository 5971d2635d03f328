import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { settingsName } from '../../compiler/settings/locate.ts';
import { type Invocation, isUsageError } from '../command.ts';
import { conclude } from './conclude.ts';
import { type Examination, examine, examineAll } from './examine.ts';
import { inputsOf } from './inputs.ts';
import type { Wanted } from './wanted.ts';

/** An editor writes a file in several steps, and a checkout many files: they are looked at together. */
const SETTLING_TIME = 100;

/** Checks again what depends on a file whenever that file changes, until the process is told to stop. */
export async function watch(wanted: Wanted, invocation: Invocation): Promise<number> {
  const session = new WatchSession(wanted, invocation);
  await session.check(null);
  return session.untilStopped();
}

class WatchSession {
  readonly #wanted: Wanted;
  readonly #invocation: Invocation;
  readonly #watchers = new Map<string, FSWatcher>();
  #known: ReadonlyMap<string, Examination> = new Map();
  #changed = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #lastCode = 0;

  constructor(wanted: Wanted, invocation: Invocation) {
    this.#wanted = wanted;
    this.#invocation = invocation;
  }

  /** `changed` holds absolute paths; null: everything is new. */
  async check(changed: ReadonlySet<string> | null): Promise<void> {
    const { io, operands, has } = this.#invocation;
    this.#clear(changed);
    try {
      const inputs = await inputsOf(operands, io);
      const fresh = async (path: string): Promise<Examination> => {
        const known = this.#known.get(path);
        return known === undefined || isAffected(known, changed) ? examine(path, this.#wanted.examine, io) : known;
      };
      this.#known = await examineAll(inputs, fresh, io.cwd);
      this.#lastCode = await conclude([...this.#known.values()], this.#wanted, this.#invocation);
    } catch (error) {
      // The file may be on its way: it was renamed, or is being written.
      if (!isUsageError(error)) throw error;
      io.stderr.write(`maddyc: ${error.message}\n`);
    }
    this.#watchFolders();
    if (!has('quiet')) io.stderr.write('watching; Ctrl+C ends it\n');
  }

  untilStopped(): Promise<number> {
    return new Promise((done) => {
      const stop = (): void => {
        if (this.#timer !== null) clearTimeout(this.#timer);
        for (const watcher of this.#watchers.values()) watcher.close();
        void this.#running.then(() => done(this.#lastCode));
      };
      process.once('SIGINT', stop);
      process.once('SIGTERM', stop);
    });
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
    const { io, operands } = this.#invocation;
    const files = [...this.#known.values()].flatMap((each) => each.dependencies);
    const named = operands.map((operand) => resolve(io.cwd, operand));
    const folders = new Set([...files.map((path) => dirname(path)), ...named, ...named.map((path) => dirname(path))]);
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
      // It is a file, or not there (yet): the folder above it is watched, too.
    }
  }

  #noticed(path: string): void {
    if (!this.#concerns(path)) return;
    this.#changed.add(path);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const changed = this.#changed;
      this.#changed = new Set();
      this.#running = this.#running.then(() => this.check(changed));
    }, SETTLING_TIME);
  }

  #concerns(path: string): boolean {
    if (basename(path) === settingsName || /\.(conf|maddy)$/.test(path)) return true;
    return [...this.#known.values()].some(({ dependencies }) => dependencies.includes(path));
  }
}

function isAffected({ dependencies }: Examination, changed: ReadonlySet<string> | null): boolean {
  if (changed === null) return true;
  // The settings may stand in any folder above.
  return dependencies.some((path) => changed.has(path)) || [...changed].some((path) => basename(path) === settingsName);
}
