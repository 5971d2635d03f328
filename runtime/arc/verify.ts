import { hashBody } from '../dkim/body-hash.ts';
import { canonicalField, fieldText, signedBytes, withoutSignatureValue } from '../dkim/canonical-header.ts';
import { findKey } from '../dkim/find-key.ts';
import { isBadSignature, signatureOf } from '../dkim/signature.ts';
import { verifies } from '../dkim/signature-value.ts';
import { readTagList, type TagList } from '../dkim/tag-list.ts';
import type { Resolver } from '../dns/resolver.ts';
import type { HeaderField, MessageContent } from '../module.ts';
import { type ArcSet, readChain } from './chain.ts';

/** Whether what hosts on the way have sealed is whole (RFC 8617 section 5.2). */
export interface ChainResult {
  readonly value: 'none' | 'pass' | 'fail' | 'temperror';
  /** Empty for `none` and `pass`. */
  readonly reason: string;
  /** Sets of the chain. */
  readonly length: number;
  /** Whoever sealed last had found the chain broken before. */
  readonly wasBroken: boolean;
}

/** `now`: Unix seconds. Never throws for what a message or DNS holds. */
export async function verifyChain(
  { header, body }: MessageContent,
  resolver: Resolver,
  now: number,
): Promise<ChainResult> {
  const fields = header.fields();
  const chain = readChain(fields);
  if (typeof chain === 'string') return { value: 'fail', reason: chain, length: 0, wasBroken: false };
  const newest = chain.at(-1);
  if (newest === undefined) return { value: 'none', reason: '', length: 0, wasBroken: false };
  const claims = chain.map(({ seal }) => tagsOf(seal).get('cv'));
  const wasBroken = claims.at(-1) === 'fail';
  const end = { length: chain.length, wasBroken };
  if (claims.some((claim, at) => claim !== (at === 0 ? 'none' : 'pass'))) {
    return {
      ...end,
      value: 'fail',
      reason: wasBroken ? 'it was broken before' : 'a seal tells another state than it may',
    };
  }
  const faults = [await messageFault(newest, fields, { header, body }, resolver, now)];
  for (let length = chain.length; length > 0 && faults.at(-1) === null; length--) {
    faults.push(await sealFault(chain.slice(0, length), resolver, now));
  }
  const fault = faults.at(-1) ?? null;
  return fault === null ? { ...end, value: 'pass', reason: '' } : { ...end, ...fault };
}

interface Fault {
  readonly value: 'fail' | 'temperror';
  readonly reason: string;
}

const failed = (reason: string): Fault => ({ value: 'fail', reason });

/** The newest ARC-Message-Signature signs as DKIM does, but for its `i=` (RFC 8617 section 4.1.2). */
async function messageFault(
  { message: field }: ArcSet,
  fields: readonly HeaderField[],
  { body }: MessageContent,
  resolver: Resolver,
  now: number,
): Promise<Fault | null> {
  const signature = signatureOf(asDkim(tagsOf(field)), now);
  if (isBadSignature(signature)) return failed(signature.fault);
  const key = await findKey(signature, resolver);
  if ('reason' in key) return { value: key.value === 'temperror' ? 'temperror' : 'fail', reason: key.reason };
  const { bodyForm: form, bodyHash, fields: names, headerForm: canonicalization, value } = signature;
  const hash = (await hashBody(body, new Set([form]))).get(form);
  if (hash?.equals(bodyHash) !== true) return failed('body hash did not verify');
  const bytes = signedBytes(fields, { names, own: withoutSignatureValue(field), canonicalization });
  return verifies(key, bytes, value) ? null : failed('message signature did not verify');
}

/** The last seal of these sets signs all of them (RFC 8617 section 5.1.1). */
async function sealFault(sets: readonly ArcSet[], resolver: Resolver, now: number): Promise<Fault | null> {
  const last = sets.at(-1);
  if (last === undefined) return null;
  // A seal has the tags of a signature, without those of header and body.
  const tags = new Map([...tagsOf(last.seal), ['h', 'from'], ['bh', 'AA=='], ['c', 'relaxed/relaxed']]);
  const signature = signatureOf(asDkim(tags), now);
  if (isBadSignature(signature)) return failed(signature.fault);
  const key = await findKey(signature, resolver);
  if ('reason' in key) return { value: key.value === 'temperror' ? 'temperror' : 'fail', reason: key.reason };
  const bytes = sealedBytes(sets.slice(0, -1), [last.results, last.message], withoutSignatureValue(last.seal));
  return verifies(key, bytes, signature.value) ? null : failed(`seal ${sets.length} did not verify`);
}

/** What a seal signs: whole sets, the fields of its own, and itself with an empty b=. */
export function sealedBytes(before: readonly ArcSet[], own: readonly HeaderField[], seal: string): Buffer {
  const fields = [...before.flatMap(({ results, message, seal: earlier }) => [results, message, earlier]), ...own];
  const lines = fields.map(({ raw }) => canonicalField(raw.toString('latin1'), 'relaxed'));
  return Buffer.from([...lines, canonicalField(seal, 'relaxed')].join('\r\n'), 'latin1');
}

function tagsOf(field: HeaderField): TagList {
  const tags = readTagList(fieldText(field));
  return typeof tags === 'string' ? new Map() : tags;
}

/** ARC has no version, and its `i=` is a number. */
function asDkim(tags: TagList): TagList {
  return new Map([...tags, ['v', '1'] as const].filter(([name]) => name !== 'i'));
}
