import type { Resolver } from '../dns/resolver.ts';
import type { HeaderField, Message } from '../module.ts';
import { hashBody } from './body-hash.ts';
import { type Canonicalization, signedBytes } from './canonical-header.ts';
import { type PublishedKey, readKeyRecord } from './key-record.ts';
import { type BadSignature, isBadSignature, readSignature, type Signature } from './signature.ts';
import { verifies } from './signature-value.ts';

type Value = 'pass' | 'fail' | 'permerror' | 'temperror';

/** What became of one signature. */
export interface SignatureResult {
  readonly value: Value;
  /** Empty for `pass`. */
  readonly reason: string;
  readonly domain: string;
  readonly identity: string;
  /** Names of the fields that it covers, in lower case. */
  readonly fields: ReadonlySet<string>;
}

interface Outcome {
  readonly value: Value;
  readonly reason: string;
}

/**
 * Every signature costs a query to a server that its writer chooses, and a pass over the header: more than these no honest
 * message has (RFC 6376 section 6.1 leaves the number to verifiers).
 */
const mostSignatures = 16;

/** All signatures of a message from the top of its header. `now`: Unix seconds. Never throws for what a message or DNS holds. */
export async function verifySignatures(
  { header, body }: Message,
  resolver: Resolver,
  now: number,
): Promise<readonly SignatureResult[]> {
  const fields = header.fields();
  const found = fields.filter(({ name }) => name === 'dkim-signature');
  const read = found
    .slice(0, mostSignatures)
    .map((field) => ({ field, signature: readSignature(fieldText(field), now) }));
  const keys = read.map(({ signature }) => (isBadSignature(signature) ? null : findKey(signature, resolver)));
  const bodyForms = new Set(read.flatMap(({ signature }) => (isBadSignature(signature) ? [] : signature.bodyForm)));
  const bodyHashes = await hashBody(body, bodyForms);
  const results: SignatureResult[] = [];
  for (const [at, { field, signature }] of read.entries()) {
    const outcome = judge(signature, await keys[at], { field, fields, bodyHashes });
    const covered = isBadSignature(signature) ? [] : signature.fields.map((name) => name.toLowerCase());
    const { domain, identity } = signature;
    results.push({ ...outcome, domain, identity, fields: new Set(covered) });
  }
  if (found.length > mostSignatures) {
    const reason = `${found.length} signatures, only the first ${mostSignatures} were looked at`;
    results.push({ value: 'permerror', reason, domain: '', identity: '', fields: new Set() });
  }
  return results;
}

function judge(
  signature: Signature | BadSignature,
  key: PublishedKey | Outcome | null | undefined,
  content: {
    readonly field: HeaderField;
    readonly fields: readonly HeaderField[];
    readonly bodyHashes: ReadonlyMap<Canonicalization, Buffer>;
  },
): Outcome {
  if (isBadSignature(signature)) return { value: signature.value, reason: signature.fault };
  if (!key) return { value: 'permerror', reason: 'no valid key found' };
  if ('reason' in key) return key;
  const misuse = misuseOf(key, signature);
  if (misuse !== null) return { value: 'permerror', reason: misuse };
  if (content.bodyHashes.get(signature.bodyForm)?.equals(signature.bodyHash) !== true) {
    return { value: 'fail', reason: 'body hash did not verify' };
  }
  const own = withoutSignatureValue(content.field.raw.toString('latin1'));
  const signed = { names: signature.fields, own, canonicalization: signature.headerForm };
  return verifies(key, signedBytes(content.fields, signed), signature.value)
    ? { value: 'pass', reason: '' }
    : { value: 'fail', reason: 'signature did not verify' };
}

/** RFC 6376 section 6.1.2 */
async function findKey({ selector, domain }: Signature, resolver: Resolver): Promise<PublishedKey | Outcome> {
  const answer = await resolver.lookup('TXT', `${selector}._domainkey.${domain}`);
  switch (answer.kind) {
    case 'failed':
      return { value: 'temperror', reason: `key unavailable: ${answer.reason}` };
    case 'no-such-name':
    case 'no-data':
      return { value: 'permerror', reason: `no key for signature: ${selector}._domainkey.${domain} has no TXT record` };
    case 'records': {
      const [record, ...others] = answer.records;
      if (others.length > 0) return { value: 'permerror', reason: 'multiple TXT records found for key' };
      const key = readKeyRecord(record);
      return typeof key === 'string' ? { value: 'permerror', reason: key } : key;
    }
  }
}

function misuseOf(key: PublishedKey, { keyType }: Signature): string | null {
  if (key.type !== keyType) return 'inappropriate key algorithm';
  if (key.hashes !== null && !key.hashes.includes('sha256')) return 'inappropriate hash algorithm';
  return key.services.some((service) => service === '*' || service === 'email') ? null : 'inappropriate service';
}

/** The signature's own field is signed with an empty b= (RFC 6376 section 3.5). */
function withoutSignatureValue(field: string): string {
  return field.replace(/([:;][ \t\r\n]*b[ \t\r\n]*=)[^;]*/, '$1');
}

function fieldText({ raw }: HeaderField): string {
  const text = raw.toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
