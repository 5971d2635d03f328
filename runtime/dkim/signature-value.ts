import { createHash, type KeyObject, sign as signBytes, verify as verifyBytes } from 'node:crypto';
import type { KeyType } from './key-record.ts';

interface Key {
  readonly type: KeyType;
  readonly key: KeyObject;
}

/** RSA signs with SHA-256 (RFC 6376 section 3.3.2), Ed25519 the SHA-256 of the bytes (RFC 8463 section 3). */
export function signatureOver(bytes: Buffer, { type, key }: Key): Buffer {
  return type === 'rsa' ? signBytes('sha256', bytes, key) : signBytes(null, sha256(bytes), key);
}

export function verifies({ type, key }: Key, bytes: Buffer, value: Buffer): boolean {
  try {
    return type === 'rsa' ? verifyBytes('sha256', bytes, key, value) : verifyBytes(null, sha256(bytes), key, value);
  } catch {
    // A key that OpenSSL can read but will not use, such as one with a huge exponent.
    return false;
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
