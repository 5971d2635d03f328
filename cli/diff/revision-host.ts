import { execFileSync } from 'node:child_process';
import { isAbsolute, relative, resolve } from 'node:path';
import type { FileState, Host } from '../../compiler/host.ts';
import { DiskHost } from '../disk-host.ts';

const mostBytes = 64 * 1024 * 1024;

/** The files of a git revision as a snapshot; what lies outside the repository is read from the disk. */
export class RevisionHost implements Host {
  readonly env: ReadonlyMap<string, string>;
  readonly #commit: string;
  readonly #top: string;
  readonly #cwd: string;
  readonly #disk: DiskHost;
  readonly #known = new Map<string, FileState>();

  constructor(commit: string, top: string, cwd: string, env: Readonly<Record<string, string | undefined>>) {
    this.#commit = commit;
    this.#top = top;
    this.#cwd = cwd;
    this.#disk = new DiskHost(cwd, env);
    this.env = this.#disk.env;
  }

  read(path: string): FileState {
    const known = this.#known.get(path) ?? this.#readNew(path);
    this.#known.set(path, known);
    return known;
  }

  #readNew(path: string): FileState {
    const inside = relative(this.#top, resolve(this.#cwd, path));
    if (isAbsolute(inside) || inside.startsWith('..')) return this.#disk.read(path);
    const object = `${this.#commit}:${inside.replaceAll('\\', '/')}`;
    const type = git(this.#cwd, ['cat-file', '-t', object])?.toString('utf8').trim();
    if (type === 'tree') return { kind: 'directory' };
    const bytes = type === 'blob' ? git(this.#cwd, ['cat-file', 'blob', object]) : null;
    return bytes === null ? { kind: 'absent' } : { kind: 'bytes', bytes };
  }
}

export interface Repository {
  readonly top: string;
}

/** Null where there is no repository, or no git. */
export function findRepository(cwd: string): Repository | null {
  const top = git(cwd, ['rev-parse', '--show-toplevel'])?.toString('utf8').trim();
  return top === undefined ? null : { top };
}

/** The commit that a revision names; null when it names none. */
export function findCommit(revision: string, cwd: string): string | null {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  return git(cwd, args)?.toString('utf8').trim() ?? null;
}

/** Null when git says no. No shell is in between, and nothing of the user's stands where an option could. */
function git(cwd: string, args: readonly string[]): Buffer | null {
  try {
    return execFileSync('git', args, { cwd, maxBuffer: mostBytes, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
}
