import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyType } from './key-record.ts';

const signAside = promisify(sign);

interface Key {
  readonly type: KeyType;
  readonly key: KeyObject;
}

/**
 * RSA signs with SHA-256 (RFC 6376 section 3.3.2), Ed25519 the SHA-256 of the bytes (RFC 8463 section 3). Not on the event loop:
 * a signature of RSA-4096 takes milliseconds.
 */
export function signatureOver(bytes: Buffer, { type, key }: Key): Promise<Buffer> {
  return type === 'rsa' ? signAside('sha256', bytes, key) : signAside(null, sha256(bytes), key);
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
