import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import { type Account, mayUse, statOf } from '../host-facts/paths.ts';
import { type DoctorFinding, fine, type Subject, trouble } from './finding.ts';

/** A directory that the server writes into, and makes when it is not there. */
export function checkDirectory(path: string, subject: Subject, account: Account): DoctorFinding {
  const who = account.name ?? `the account ${account.uid}`;
  const found = statOf(path);
  if (found === null) {
    const above = nearestAbove(path);
    if (above !== null && mayUse(above.stats, account, 'write')) {
      return fine('directory', subject, 'is not there yet; the server makes it');
    }
    return trouble(
      'directory-missing',
      'error',
      subject,
      `is not there, and ${who} may not make it`,
      `As root: install -d -m 0700 -o ${account.name ?? account.uid} ${path} (systemd does it with StateDirectory= and RuntimeDirectory=).`,
    );
  }
  if (!found.isDirectory()) {
    return trouble('directory-missing', 'error', subject, 'is no directory', 'Remove the file, or name another path.');
  }
  if (!mayUse(found, account, 'write')) {
    return trouble(
      'directory-not-writable',
      'error',
      subject,
      `${who} may not write there`,
      `The server does not start. As root: chown ${account.name ?? account.uid} ${path}`,
    );
  }
  return fine('directory', subject, `${who} may write there`);
}

function nearestAbove(path: string): { readonly stats: Stats } | null {
  for (let above = dirname(path); ; above = dirname(above)) {
    const stats = statOf(above);
    if (stats !== null) return { stats };
    if (above === dirname(above)) return null;
  }
}
