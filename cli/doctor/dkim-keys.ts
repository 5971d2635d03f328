import { resolve } from 'node:path';
import type { Signature } from '../../compiler/dns-records/mail-setup.ts';
import { keyFilesIn } from '../dns/key-files.ts';
import { type Account, mayUse, statOf } from '../host-facts/paths.ts';
import { type DoctorFinding, fine, trouble } from './finding.ts';

/** Whether the server can sign: its key is there, and nobody else's to read. */
export function checkDkimKey(
  { domain, selector, keyFile }: Signature,
  stateDirectory: string,
  account: Account,
): DoctorFinding {
  const path = resolve(stateDirectory, keyFile);
  const subject = { subject: path, place: null };
  const who = account.name ?? `the account ${account.uid}`;
  const name = `${selector}._domainkey.${domain}`;
  const found = statOf(path);
  if (found === null) {
    return trouble(
      'dkim-key-missing',
      'info',
      subject,
      'is not there yet; the server makes it when it starts',
      `Publish its record before mail is sent: maddyc dns shows ${name}.`,
    );
  }
  if (!mayUse(found, account, 'read')) {
    return trouble(
      'dkim-key-unreadable',
      'error',
      subject,
      `${who} may not read it`,
      `The server does not start. As root: chown ${account.name ?? account.uid} ${path}`,
    );
  }
  if ((found.mode & 0o077) !== 0) {
    return trouble(
      'dkim-key-open',
      'warning',
      subject,
      'other accounts may read it, and sign mail with it',
      `chmod 600 ${path}`,
    );
  }
  const key = keyFilesIn(stateDirectory).dkimKey(keyFile);
  if ('problem' in key) {
    return trouble(
      'dkim-key-broken',
      'error',
      subject,
      key.problem.replace(`${path}: `, ''),
      'Put the right key there, or remove it: the server makes a new one, whose record must then be published.',
    );
  }
  return fine('dkim-key', subject, `a key of type ${key.type} for ${name}`);
}
