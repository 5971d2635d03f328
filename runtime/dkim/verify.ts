import type { Resolver } from '../dns/resolver.ts';
import type { HeaderField, Message } from '../module.ts';
import { hashBody } from './body-hash.ts';
import { type Canonicalization, fieldText, signedBytes, withoutSignatureValue } from './canonical-header.ts';
import { findKey } from './find-key.ts';
import type { PublishedKey } from './key-record.ts';
import { type BadSignature, isBadSignature, readSignature, type Signature } from './signature.ts';
import { verifies } from './signature-value.ts';

type Value = 'pass' | 'fail' | 'permerror' | 'temperror';

/** What became of one signature. */
export interface SignatureResult {
  readonly value: Value;
  /** Empty for `pass`. */
  readonly reason: string;
  readonly domain: string;
  readonly selector: string;
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
    const { domain, selector, identity } = signature;
    results.push({ ...outcome, domain, selector, identity, fields: new Set(covered) });
  }
  if (found.length > mostSignatures) {
    const reason = `${found.length} signatures, only the first ${mostSignatures} were looked at`;
    results.push({ value: 'permerror', reason, domain: '', selector: '', identity: '', fields: new Set() });
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
  if (content.bodyHashes.get(signature.bodyForm)?.equals(signature.bodyHash) !== true) {
    return { value: 'fail', reason: 'body hash did not verify' };
  }
  const own = withoutSignatureValue(content.field);
  const signed = { names: signature.fields, own, canonicalization: signature.headerForm };
  return verifies(key, signedBytes(content.fields, signed), signature.value)
    ? { value: 'pass', reason: '' }
    : { value: 'fail', reason: 'signature did not verify' };
}
