import { zoneLine } from '../../compiler/dns-records/zone-text.ts';
import type { Invocation } from '../command.ts';
import { keyFilesIn } from '../dns/key-files.ts';
import { recordName, type Signing } from './signing.ts';

/** `dkim show`: 1 when a key cannot be read. */
export function show(signings: readonly Signing[], { io, has }: Invocation): number {
  // The paths are absolute.
  const keys = keyFilesIn('/');
  const shown = signings.map(({ domain, selector, keyFile, place }) => {
    const file = keyFile(selector);
    const key = keys.dkimKey(file);
    const record = 'key' in key ? `v=DKIM1; k=${key.type}; p=${key.key}` : null;
    const problem = 'key' in key ? null : key.problem;
    return { domain, selector, place, keyFile: file, name: recordName(domain, selector), record, problem };
  });
  if (has('json')) io.stdout.write(`${JSON.stringify({ version: 1, signatures: shown }, null, 2)}\n`);
  else for (const each of shown) io.stdout.write(`${textOf(each)}\n`);
  return shown.every(({ problem }) => problem === null) ? 0 : 1;
}

function textOf(shown: {
  readonly domain: string;
  readonly selector: string;
  readonly place: string;
  readonly keyFile: string;
  readonly name: string;
  readonly record: string | null;
  readonly problem: string | null;
}): string {
  const { domain, selector, place, keyFile, name, record, problem } = shown;
  const rest = record === null ? `; no record: ${problem}` : zoneLine(name, 'TXT', [record]);
  return `; ${domain} is signed with selector ${selector} (${place}), key in ${keyFile}\n${rest}`;
}
