import { readFileSync } from 'node:fs';
import { ownAccount } from '../host-facts/gather.ts';
import type { Account } from '../host-facts/paths.ts';

/** An account of this machine; null when there is none of that name. Numbers are taken as they are. */
export function findAccount(name: string): Account | null {
  if (/^\d+$/.test(name)) return { name: null, uid: Number(name), groups: [] };
  const fields = rows('/etc/passwd').find(([each]) => each === name);
  if (fields === undefined) return null;
  const [, , uid, gid] = fields;
  const groups = rows('/etc/group')
    .filter(([, , , members = '']) => members.split(',').includes(name))
    .map(([, , id]) => Number(id));
  return { name, uid: Number(uid), groups: [Number(gid), ...groups] };
}

/** Who runs the server: the account that is named, else `maddy` where root asks and it exists, else whoever asks. */
export function serviceAccount(named: string | undefined): Account | null {
  if (named !== undefined) return findAccount(named);
  const own = ownAccount();
  return (own.uid === 0 ? findAccount('maddy') : null) ?? own;
}

function rows(table: string): readonly (readonly string[])[] {
  try {
    return readFileSync(table, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
}
