import { createPublicKey, type KeyObject } from 'node:crypto';
import { readColonList, readTagList, withoutBlanks } from './tag-list.ts';

export type KeyType = 'rsa' | 'ed25519';

/** A key as DNS publishes it (RFC 6376 section 3.6.1). */
export interface PublishedKey {
  readonly type: KeyType;
  readonly key: KeyObject;
  /** Accepted hash algorithms; null: any. */
  readonly hashes: readonly string[] | null;
  readonly services: readonly string[];
}

/** RFC 8301 section 3.2 */
const fewestBits = 1024;
const rawKeySize = 32;
/** SubjectPublicKeyInfo of Ed25519 up to the key itself (RFC 8410 section 4). */
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');

/** A text tells why the record holds no key that can be used. */
export function readKeyRecord(text: string): PublishedKey | string {
  const tags = readTagList(text);
  if (typeof tags === 'string') return `key syntax error: ${tags}`;
  if ((tags.get('v') ?? 'DKIM1') !== 'DKIM1') return 'incompatible public key version';
  const encoded = tags.get('p');
  if (encoded === undefined) return 'key syntax error: missing public key data';
  if (encoded === '') return 'key revoked';
  const type = tags.get('k') ?? 'rsa';
  const bytes = Buffer.from(withoutBlanks(encoded), 'base64');
  const key = type === 'rsa' ? readRsaKey(bytes) : type === 'ed25519' ? readEd25519Key(bytes) : null;
  if (key === null || (type !== 'rsa' && type !== 'ed25519')) return 'unsupported key algorithm';
  if (typeof key === 'string') return key;
  const hashes = tags.get('h');
  const services = readColonList(tags.get('s') ?? '*');
  return { type, key, hashes: hashes === undefined ? null : readColonList(hashes), services };
}

/** SubjectPublicKeyInfo, or the RSAPublicKey that older tools publish. */
function readRsaKey(bytes: Buffer): KeyObject | string {
  const key = tryKey(bytes, 'spki') ?? tryKey(bytes, 'pkcs1');
  if (key === null) return 'key syntax error: not an RSA public key';
  if (key.asymmetricKeyType !== 'rsa') return 'key syntax error: the key is not of the type that k= names';
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < fewestBits ? `key is too short: want ${fewestBits} bits, has ${bits} bits` : key;
}

function readEd25519Key(bytes: Buffer): KeyObject | string {
  if (bytes.length !== rawKeySize) return `invalid Ed25519 public key size: ${bytes.length} bytes`;
  return tryKey(Buffer.concat([ed25519Prefix, bytes]), 'spki') ?? 'key syntax error: not an Ed25519 public key';
}

function tryKey(key: Buffer, type: 'spki' | 'pkcs1'): KeyObject | null {
  try {
    return createPublicKey({ key, format: 'der', type });
  } catch {
    return null;
  }
}

/** The p= of a key's record: SubjectPublicKeyInfo of RSA, the 32 bytes of Ed25519 (RFC 8463 section 4). Base64. */
export function publicKeyData(type: KeyType, key: KeyObject): string {
  const der = key.export({ format: 'der', type: 'spki' });
  return (type === 'rsa' ? der : der.subarray(ed25519Prefix.length)).toString('base64');
}

/** TXT record of a key (RFC 6376 section 3.6.1). */
export function writeKeyRecord(type: KeyType, key: KeyObject): string {
  return `v=DKIM1; k=${type}; p=${publicKeyData(type, key)}`;
}
