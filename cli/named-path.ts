import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { stateOfFailure } from '../compiler/source/read-failure.ts';
import { UsageError } from './command.ts';
import type { Io } from './io.ts';

type Surroundings = Pick<Io, 'cwd' | 'stderr'>;

/** What stands under a name of the command line; null when nothing does. Throws UsageError when that cannot be told. */
export function stateOfNamed(path: string, cwd: string): Stats | null {
  try {
    return statSync(resolve(cwd, path));
  } catch (error) {
    const failure = stateOfFailure(error);
    if (failure.kind === 'absent') return null;
    throw new UsageError(`${path}: ${reasonIn(failure)}`);
  }
}

/** In order; a folder that cannot be read is told, and has nothing. */
export function entriesIn(folder: string, { cwd, stderr }: Surroundings): readonly Dirent[] {
  try {
    return readdirSync(resolve(cwd, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    stderr.write(`${folder}: ${reasonIn(stateOfFailure(error))}: not looked into\n`);
    return [];
  }
}

/** Why a file or folder cannot be read. */
export function reasonIn(failure: ReturnType<typeof stateOfFailure>): string {
  return failure.kind === 'unreadable' ? failure.reason : 'no such file or directory';
}
