import { chownSync, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { dkimRecordFile } from '../../compiler/dns-records/dkim-key-file.ts';
import { zoneLine } from '../../compiler/dns-records/zone-text.ts';
import { createSigningKey, type KeyAlgorithm, recordOf } from '../../runtime/dkim/signing-key.ts';
import { type Invocation, UsageError } from '../command.ts';
import { recordName, type Signing } from './signing.ts';

interface Rotation extends Signing {
  readonly newSelector: string;
  readonly newFile: string;
}

/** `dkim rotate`: new keys beside the old ones, and what is to be done with them. The configuration is left alone. */
export async function rotate(
  signings: readonly Signing[],
  newSelector: string,
  algorithm: KeyAlgorithm | null,
  { io, has }: Invocation,
): Promise<number> {
  const rotations = signings.map((each): Rotation => ({ ...each, newSelector, newFile: each.keyFile(newSelector) }));
  for (const each of rotations) refuseWhatWouldBeLost(each);
  const made: { readonly rotation: Rotation; readonly record: string }[] = [];
  for (const rotation of rotations) {
    const key = await createSigningKey(rotation.newFile, algorithm ?? rotation.algorithm);
    if (key === null) throw new UsageError(`${rotation.newFile} is there already`, 'choose another --selector');
    giveToServer(rotation.newFile);
    made.push({ rotation, record: recordOf(key) });
  }
  const lines = made.map(({ rotation, record }) => zoneLine(recordName(rotation.domain, newSelector), 'TXT', [record]));
  if (has('json')) {
    const keys = made.map(({ rotation: { domain, selector, place, newFile }, record }) => {
      return {
        domain,
        oldSelector: selector,
        selector: newSelector,
        place,
        keyFile: newFile,
        name: recordName(domain, newSelector),
        record,
      };
    });
    io.stdout.write(`${JSON.stringify({ version: 1, keys }, null, 2)}\n`);
    return 0;
  }
  io.stdout.write(`${lines.join('\n')}\n`);
  io.stderr.write(`${nextSteps(rotations, newSelector)}\n`);
  return 0;
}

function refuseWhatWouldBeLost({ domain, selector, newSelector, newFile, keyFile, place }: Rotation): void {
  if (newSelector === selector) throw new UsageError(`${domain} is signed with selector ${selector} already`);
  if (newFile === keyFile(selector)) {
    throw new UsageError(
      `key_path at ${place} has no {selector}`,
      'each key needs a file of its own to exist beside the old one',
    );
  }
  if (existsSync(newFile)) throw new UsageError(`${newFile} is there already`, 'choose another --selector');
}

/** Made as root, a key must be readable for the account that owns the others. */
function giveToServer(file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(file));
  for (const path of [file, dkimRecordFile(file)]) chownSync(path, uid, gid);
}

function nextSteps(rotations: readonly Rotation[], newSelector: string): string {
  const old = rotations.map(({ domain, selector }) => recordName(domain, selector));
  const places = [
    ...new Set(rotations.map(({ place, selector }) => `   ${place}: selector ${selector} becomes ${newSelector}`)),
  ];
  return `1. Publish ${rotations.length === 1 ? 'this record' : 'these records'}; leave ${old.join(', ')} as it is.
2. When name servers give the new record, change the configuration and reload the server:
${places.join('\n')}
   maddyc dns --check live tells whether the record is there.
3. A week later, when no mail is on its way with old signatures, remove the old record and key.`;
}
