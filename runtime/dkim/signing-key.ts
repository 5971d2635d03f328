import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { dkimRecordFile } from '../../compiler/dns-records/dkim-key-file.ts';
import { makeDirectory } from '../make-directory.ts';
import { type KeyType, writeKeyRecord } from './key-record.ts';

export interface SigningKey {
  readonly type: KeyType;
  readonly key: KeyObject;
}

export type KeyAlgorithm = 'rsa2048' | 'rsa4096' | 'ed25519';

const generate = promisify(generateKeyPair);

/** A text tells what is wrong with the file. */
export function readSigningKey(pem: string): SigningKey | string {
  if (!pem.includes('-----BEGIN ')) return 'invalid PEM block: a private key begins with -----BEGIN PRIVATE KEY-----';
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    return 'not a private key or unsupported format: a key without a password, in PKCS#8 or PKCS#1, is needed';
  }
  const type = key.asymmetricKeyType;
  return type === 'rsa' || type === 'ed25519'
    ? { type, key }
    : `DKIM has no keys of the kind ${type}, only rsa and ed25519`;
}

/**
 * Makes a key file, and beside it the record for DNS. Null when the file is there already: of servers that start together one
 * makes the key.
 */
export async function createSigningKey(file: string, algorithm: KeyAlgorithm): Promise<SigningKey | null> {
  const type: KeyType = algorithm === 'ed25519' ? 'ed25519' : 'rsa';
  const { privateKey } =
    type === 'ed25519'
      ? await generate('ed25519')
      : await generate('rsa', { modulusLength: algorithm === 'rsa4096' ? 4096 : 2048 });
  makeDirectory(dirname(file), 0o777);
  // Nobody may ever read half a key.
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  writeFileSync(draft, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  writeFileSync(dkimRecordFile(file), recordOf({ type, key: privateKey }), { mode: 0o644 });
  return { type, key: privateKey };
}

/** The TXT record that lets others verify what the key has signed. */
export function recordOf({ type, key }: SigningKey): string {
  return writeKeyRecord(type, createPublicKey(key));
}
