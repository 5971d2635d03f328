import { lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isFields } from '../../compiler/routing/plan-values.ts';
import { makeDirectory } from '../../runtime/make-directory.ts';

/** Says that a directory is a trial's, and whose. */
const mark = 'trial.json';

const prefix = 'maddyc-trial-';

/** The one place that a trial writes to. */
export class TrialDirectory {
  /** Absolute. */
  readonly path: string;
  /** The user asked for it and keeps it. */
  readonly isKept: boolean;
  /** What an earlier trial left behind in it. */
  readonly earlier: unknown;

  private constructor(path: string, isKept: boolean, earlier: unknown) {
    this.path = path;
    this.isKept = isKept;
    this.earlier = earlier;
    for (const name of [this.stateDir, this.runtimeDir, this.delivered]) makeDirectory(name);
  }

  /** Null: a new one that goes at the end. Throws for a directory that holds something else. */
  static open(wanted: string | null, cwd: string): TrialDirectory {
    if (wanted === null) {
      const parent = realpathSync(tmpdir());
      removeAbandoned(parent);
      const path = mkdtempSync(join(parent, prefix));
      return new TrialDirectory(path, false, null);
    }
    const path = resolve(cwd, wanted);
    makeDirectory(path);
    const earlier = earlierTrial(path);
    // Sockets of a trial that was killed are in the way of new ones.
    rmSync(join(path, 'run'), { recursive: true, force: true });
    return new TrialDirectory(path, true, earlier);
  }

  get stateDir(): string {
    return join(this.path, 'state');
  }

  get runtimeDir(): string {
    return join(this.path, 'run');
  }

  get delivered(): string {
    return join(this.path, 'delivered');
  }

  /** Gives the path. */
  write(name: string, text: string): string {
    const path = join(this.path, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  mark(facts: object): void {
    this.write(mark, `${JSON.stringify({ process: process.pid, host: hostname(), ...facts }, null, 2)}\n`);
  }

  /** After the last file was closed. */
  close(): void {
    if (this.isKept) {
      rmSync(this.runtimeDir, { recursive: true, force: true });
      return;
    }
    process.chdir(tmpdir());
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A trial that was killed could not remove its directory. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(parent, name);
    try {
      if (isOwnDirectory(path) && isAbandoned(readMark(join(path, mark)))) rmSync(path, { recursive: true });
    } catch {
      // Somebody else is at it: the next trial tries again.
    }
  }
}

function isOwnDirectory(path: string): boolean {
  const stats = lstatSync(path);
  return stats.isDirectory() && stats.uid === (process.getuid?.() ?? stats.uid);
}

/** Processes of another host, or of another container, cannot be seen from here. */
function isAbandoned(trial: unknown): boolean {
  if (!isFields(trial) || trial.host !== hostname()) return false;
  return typeof trial.process === 'number' && !isRunning(trial.process);
}

function earlierTrial(path: string): unknown {
  const names = readdirSync(path);
  if (names.length === 0) return null;
  if (!names.includes(mark)) {
    throw new Error(
      `${path} holds other files: a trial writes into a directory of its own, name a new or an empty one`,
    );
  }
  const earlier = readMark(join(path, mark));
  const owner = isFields(earlier) && typeof earlier.process === 'number' ? earlier.process : null;
  if (owner !== null && owner !== process.pid && isRunning(owner)) {
    throw new Error(`${path}: another trial is running there (process ${owner})`);
  }
  return earlier;
}

function readMark(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
