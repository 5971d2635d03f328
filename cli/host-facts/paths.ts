import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PathFacts } from '../../compiler/rules/host-facts.ts';

/** Whose rights count. */
export interface Account {
  readonly name: string | null;
  readonly uid: number;
  readonly groups: readonly number[];
}

const READ = 4;
const WRITE = 2;
const ENTER = 1;

/** What there is at a path, and whether the account may use it: by the modes, so that an account can be asked about that is not ours. */
export function factsOfPath(path: string, account: Account): PathFacts {
  const blockedAt = blockOf(dirname(path), account);
  const found = statOf(path);
  if (found === null) return { kind: 'absent', isUsable: false, mode: null, owner: null, group: null, blockedAt };
  const kind = kindOf(found);
  // Linux asks for the right to write where somebody connects (unix(7)).
  const needed = kind === 'socket' ? WRITE : kind === 'directory' ? READ | ENTER : READ;
  return {
    kind,
    isUsable: blockedAt === null && isAllowed(found, account, needed),
    mode: modeText(found.mode),
    owner: nameOf(found.uid, '/etc/passwd'),
    group: nameOf(found.gid, '/etc/group'),
    blockedAt,
  };
}

/** The first directory from the root that is not there or may not be passed. */
function blockOf(directory: string, account: Account): string | null {
  const above = dirname(directory);
  const earlier = above === directory ? null : blockOf(above, account);
  if (earlier !== null) return earlier;
  const found = statOf(directory);
  return found?.isDirectory() === true && isAllowed(found, account, ENTER) ? null : directory;
}

/** Null when there is nothing, or nobody may know. */
export function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function kindOf(found: Stats): Exclude<PathFacts['kind'], 'absent'> {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'directory';
  return found.isSocket() ? 'socket' : 'other';
}

/** Files are read; directories are also entered, whether for their list or to write there. */
export function mayUse(found: Stats, account: Account, how: 'read' | 'write'): boolean {
  return isAllowed(found, account, (how === 'read' ? READ : WRITE) | (found.isDirectory() ? ENTER : 0));
}

function isAllowed({ mode, uid, gid }: Stats, account: Account, needed: number): boolean {
  if (account.uid === 0) return true;
  const shift = account.uid === uid ? 6 : account.groups.includes(gid) ? 3 : 0;
  return ((mode >> shift) & needed) === needed;
}

function modeText(mode: number): string {
  return [6, 3, 0]
    .flatMap((shift) => [READ, WRITE, ENTER].map((bit, index) => ((mode >> shift) & bit ? ('rwx'[index] ?? '') : '-')))
    .join('');
}

/** The number itself, when it has no name here. */
function nameOf(id: number, table: string): string {
  try {
    const line = readFileSync(table, 'utf8')
      .split('\n')
      .map((each) => each.split(':'))
      .find((fields) => fields[2] === String(id));
    return line?.[0] ?? String(id);
  } catch {
    return String(id);
  }
}
