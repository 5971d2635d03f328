import { readFileSync } from 'node:fs';
import { dkimRecordFile } from '../../compiler/dns-records/dkim-key-file.ts';
import type { Logger } from '../observe/log.ts';
import { createSigningKey, type KeyAlgorithm, readSigningKey, type SigningKey } from './signing-key.ts';

/** The keys of a signer, read once. Domains are in clean form. */
export class SigningKeys {
  readonly #files: ReadonlyMap<string, string>;
  readonly #selector: string;
  readonly #log: Logger;
  readonly #keys = new Map<string, SigningKey>();

  /** `files`: absolute, by domain. Throws when one that is there cannot be used. */
  constructor(files: ReadonlyMap<string, string>, selector: string, log: Logger) {
    this.#files = files;
    this.#selector = selector;
    this.#log = log;
    for (const [domain, file] of files) {
      const key = keyIn(file);
      if (key !== null) this.#keys.set(domain, key);
    }
  }

  async makeMissing(algorithm: KeyAlgorithm): Promise<void> {
    for (const [domain, file] of this.#files) {
      if (this.#keys.has(domain)) continue;
      this.#log.message(`generating a new ${algorithm} keypair...`);
      const made = await createSigningKey(file, algorithm);
      const key = made ?? keyIn(file);
      if (key === null) throw new Error(`${file}: the key was removed while the server started`);
      this.#keys.set(domain, key);
      if (made === null) continue;
      const name = `${this.#selector}._domainkey.${domain}`;
      this.#log.message(
        `generated a new ${algorithm} keypair, private key is in ${file}, TXT record with public key is in ${dkimRecordFile(file)},\nput its contents into TXT record for ${name} to make signing and verification work`,
      );
    }
  }

  of(domain: string): SigningKey | undefined {
    return this.#keys.get(domain);
  }
}

/** Null when the file is not there. */
function keyIn(file: string): SigningKey | null {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const key = readSigningKey(pem);
  if (typeof key === 'string') throw new Error(`${file}: ${key}`);
  return key;
}
