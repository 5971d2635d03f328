import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { Eventually } from '../module.ts';
import type { KeyType } from './key-record.ts';

const signAside = promisify(sign);
/** A longer key takes milliseconds, which the event loop has not; for this one the way to another thread and back costs a third more. */
const mostBitsAtOnce = 2048;

interface Key {
  readonly type: KeyType;
  readonly key: KeyObject;
}

/** RSA signs with SHA-256 (RFC 6376 section 3.3.2), Ed25519 the SHA-256 of the bytes (RFC 8463 section 3). */
export function signatureOver(bytes: Buffer, { type, key }: Key): Eventually<Buffer> {
  if (type === 'ed25519') return sign(null, sha256(bytes), key);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits > mostBitsAtOnce ? signAside('sha256', bytes, key) : sign('sha256', bytes, key);
}

export function verifies({ type, key }: Key, bytes: Buffer, value: Buffer): boolean {
  try {
    return type === 'rsa' ? verify('sha256', bytes, key, value) : verify(null, sha256(bytes), key, value);
  } catch {
    // A key that OpenSSL can read but will not use, such as one with a huge exponent.
    return false;
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
