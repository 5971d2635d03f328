import type { HeaderField, Message } from '../module.ts';
import { hashBody } from './body-hash.ts';
import { type Canonicalization, signedBytes } from './canonical-header.ts';
import { signatureOver } from './signature-value.ts';
import type { SigningKey } from './signing-key.ts';

/** How messages are signed (runtime-mta 15). */
export interface SigningPolicy {
  readonly headerForm: Canonicalization;
  readonly bodyForm: Canonicalization;
  /** Signed once more than they occur: nobody can add one. */
  readonly oversigned: readonly string[];
  readonly signed: readonly string[];
  /** In seconds; null: signatures do not expire. */
  readonly lifetime: number | null;
}

export interface Signer {
  /** In the form that the message may have: U-labels only with SMTPUTF8. */
  readonly domain: string;
  readonly selector: string;
  readonly key: SigningKey;
}

/** The DKIM-Signature field of a message, with its CRLF. `now`: Unix seconds. The body is read once, as a stream. */
export async function signMessage(
  { header, body }: Message,
  { domain, selector, key }: Signer,
  policy: SigningPolicy,
  now: number,
): Promise<Buffer> {
  const { headerForm, bodyForm, lifetime } = policy;
  const hashes = await hashBody(body, new Set([bodyForm]));
  const fields = header.fields();
  const names = namesToSign(fields, policy);
  const unsigned = layOut('DKIM-Signature', {
    a: `${key.type}-sha256`,
    bh: hashes.get(bodyForm)?.toString('base64') ?? '',
    c: `${headerForm}/${bodyForm}`,
    d: domain,
    h: names.join(':'),
    i: `@${domain}`,
    s: selector,
    t: String(now),
    v: '1',
    ...(lifetime === null ? {} : { x: String(now + lifetime) }),
  });
  // Bytes of the header are Latin-1 here, those of names in U-labels too.
  const own = Buffer.from(unsigned).toString('latin1');
  const value = await signatureOver(signedBytes(fields, { names, own, canonicalization: headerForm }), key);
  return Buffer.from(completeSignature(unsigned, value.toString('base64')));
}

/** The value of h=: a name stands once for each field of it, and once more where none may be added (runtime-mta 15.2). */
export function namesToSign(
  fields: readonly HeaderField[],
  { oversigned, signed }: Pick<SigningPolicy, 'oversigned' | 'signed'>,
): readonly string[] {
  const counts = new Map<string, number>();
  for (const { name } of fields) counts.set(name, (counts.get(name) ?? 0) + 1);
  const taken = new Set<string>();
  const names: string[] = [];
  const add = (list: readonly string[], more: number): void => {
    for (const name of list) {
      const key = name.toLowerCase();
      if (taken.has(key)) continue;
      taken.add(key);
      for (let times = (counts.get(key) ?? 0) + more; times > 0; times--) names.push(name);
    }
  };
  add(oversigned, 1);
  add(signed, 0);
  return names;
}

const longestLine = 75;
const linePieces = new RegExp(`.{1,${longestLine}}`, 'g');

/** A field with its tags in the order of their names, as maddy lays them out (runtime-mta 15.3), up to an empty b=. */
export function layOut(field: string, tags: Readonly<Record<string, string>>): string {
  const lines: string[] = [];
  let line = '';
  for (const [name, value] of Object.entries(tags).sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (3 + line.length + name.length + value.length > longestLine) {
      lines.push(line);
      line = '';
    }
    line += ` ${name}=${value};`;
  }
  return `${field}:${[...lines, line, ' b='].join('\r\n')}`;
}

/** Puts the signature into the last line, folded. */
export function completeSignature(unsigned: string, value: string): string {
  const start = ' b=';
  const pieces = `${start}${value}`.match(linePieces) ?? [];
  return `${unsigned.slice(0, -start.length)}${pieces.join('\r\n ')}\r\n`;
}
