import { cleanDomain } from '../../compiler/text/domain.ts';
import type { Canonicalization } from './canonical-header.ts';
import type { KeyType } from './key-record.ts';
import { readColonList, readTagList, type TagList, withoutBlanks } from './tag-list.ts';

/** A DKIM-Signature field whose key is worth asking for (RFC 6376 section 3.5). */
export interface Signature {
  readonly keyType: KeyType;
  readonly domain: string;
  readonly selector: string;
  readonly identity: string;
  /** Names of signed fields as written. */
  readonly fields: readonly string[];
  readonly headerForm: Canonicalization;
  readonly bodyForm: Canonicalization;
  readonly bodyHash: Buffer;
  readonly value: Buffer;
}

/** Why a signature does not count; the rest as far as it can be told. */
export interface BadSignature {
  readonly fault: string;
  readonly value: 'permerror' | 'fail';
  readonly domain: string;
  readonly selector: string;
  readonly identity: string;
}

const requiredTags = ['v', 'a', 'b', 'bh', 'd', 'h', 's'];
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** `text`: value of the field. `now`: Unix seconds. */
export function readSignature(text: string, now: number): Signature | BadSignature {
  const tags = readTagList(text);
  if (typeof tags !== 'string') return signatureOf(tags, now);
  return { fault: `malformed signature tags: ${tags}`, value: 'permerror', domain: '', selector: '', identity: '' };
}

/** The same of tags that were read already. */
export function signatureOf(tags: TagList, now: number): Signature | BadSignature {
  const domain = tags.get('d') ?? '';
  const identity = withoutBlanks(tags.get('i') ?? `@${domain}`);
  const selector = tags.get('s') ?? '';
  const bad = (fault: string, value: BadSignature['value'] = 'permerror') => {
    return { fault, value, domain, selector, identity };
  };

  const fault = faultOfTags(tags, domain, identity) ?? faultOfTimes(tags, now);
  if (fault !== null) return bad(fault);
  const keyType = keyTypeOf(tags.get('a') ?? '');
  if (typeof keyType !== 'object') return bad(keyType);
  const [headerForm, bodyForm, ...more] = (tags.get('c') ?? 'simple').toLowerCase().split('/');
  if (!isCanonicalization(headerForm) || more.length > 0) return bad('unsupported header canonicalization algorithm');
  const knownBodyForm = bodyForm ?? 'simple';
  if (!isCanonicalization(knownBodyForm)) return bad('unsupported body canonicalization algorithm');
  // What follows the signed part could be anything (RFC 6376 section 8.2).
  if (tags.has('l')) return bad('message contains an insecure body length tag', 'fail');
  const bodyHash = withoutBlanks(tags.get('bh') ?? '');
  if (!base64.test(bodyHash)) return bad('malformed body hash: not base64');
  const value = withoutBlanks(tags.get('b') ?? '');
  if (!base64.test(value)) return bad('malformed signature: not base64');
  return {
    keyType: keyType.type,
    domain,
    selector,
    identity,
    fields: readColonList(tags.get('h') ?? ''),
    headerForm,
    bodyForm: knownBodyForm,
    bodyHash: Buffer.from(bodyHash, 'base64'),
    value: Buffer.from(value, 'base64'),
  };
}

export function isBadSignature(signature: Signature | BadSignature): signature is BadSignature {
  return 'fault' in signature;
}

function faultOfTags(tags: TagList, domain: string, identity: string): string | null {
  if (tags.has('v') && tags.get('v') !== '1') return 'incompatible signature version';
  if (requiredTags.some((name) => !tags.has(name))) return 'signature missing required tag';
  if (!isWithin(identity.slice(identity.lastIndexOf('@') + 1), domain)) return 'domain mismatch';
  const fields = readColonList(tags.get('h') ?? '');
  if (!fields.some((name) => name.toLowerCase() === 'from')) return 'From field not signed';
  const methods = readColonList(tags.get('q') ?? 'dns/txt');
  return methods.includes('dns/txt') ? null : 'unsupported public key query method';
}

function faultOfTimes(tags: TagList, now: number): string | null {
  const time = tags.get('t');
  if (time !== undefined && !isTime(time)) return 'malformed time: not a number of seconds';
  const expiry = tags.get('x');
  if (expiry === undefined) return null;
  if (!isTime(expiry)) return 'malformed expiration time: not a number of seconds';
  return Number(expiry) < now ? 'signature has expired' : null;
}

function isTime(text: string): boolean {
  return /^[0-9]{1,15}$/.test(text);
}

function keyTypeOf(algorithm: string): { readonly type: KeyType } | string {
  const [key, hash, ...more] = algorithm.toLowerCase().split('-');
  if (key === undefined || hash === undefined || more.length > 0) return 'malformed algorithm name';
  if (hash === 'sha1') return 'hash algorithm too weak: sha1';
  if (hash !== 'sha256') return 'unsupported hash algorithm';
  return key === 'rsa' || key === 'ed25519' ? { type: key } : 'unsupported key algorithm';
}

function isCanonicalization(word: string | undefined): word is Canonicalization {
  return word === 'simple' || word === 'relaxed';
}

/** Whether it is that domain or one below it. */
function isWithin(domain: string, parent: string): boolean {
  const inner = cleanDomain(domain) ?? domain;
  const outer = cleanDomain(parent) ?? parent;
  return outer !== '' && (inner === outer || inner.endsWith(`.${outer}`));
}
