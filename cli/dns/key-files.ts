import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { KeyFacts } from '../../compiler/dns-records/records.ts';

/** Keys from the files of this machine; relative paths begin in the state directory, as for the server. */
export function keyFilesIn(stateDirectory: string): KeyFacts {
  return {
    dkimKey: (file) => {
      const path = resolve(stateDirectory, file);
      const pem = read(path);
      if (typeof pem === 'string') return recordKey(path, pem);
      // The server writes the record beside the key, readable for all (runtime-mta 15.1).
      const beside = read(path.endsWith('.key') ? path.replace(/\.key$/, '.dns') : `${path}.dns`);
      const [, type, key] = typeof beside === 'string' ? (/k=(\w+); p=([\w+/=]+)/.exec(beside) ?? []) : [];
      return type === undefined || key === undefined ? { problem: pem.problem } : { type, key };
    },
    publicKeyHash: (certificate) => {
      const pem = read(certificate);
      if (typeof pem !== 'string') return null;
      try {
        const { publicKey } = new X509Certificate(pem);
        return createHash('sha256').update(spki(publicKey)).digest('hex');
      } catch {
        // No certificate: what the server's own reading of it says.
        return null;
      }
    },
  };
}

function read(path: string): string | { readonly problem: string } {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT') return { problem: `${path}: it is not there; the server makes it when it first starts` };
    if (code === 'EACCES')
      return { problem: `${path}: this account may not read it; run this as the account of the server` };
    return { problem: `${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** RFC 6376 section 3.6.1; of an Ed25519 key its 32 bytes (RFC 8463 section 4). */
function recordKey(path: string, pem: string): ReturnType<KeyFacts['dkimKey']> {
  try {
    const key = createPublicKey(createPrivateKey(pem));
    switch (key.asymmetricKeyType) {
      case 'rsa':
        return { type: 'rsa', key: spki(key).toString('base64') };
      case 'ed25519':
        return { type: 'ed25519', key: spki(key).subarray(-32).toString('base64') };
      default:
        return { problem: `${path}: DKIM has no keys of this kind; rsa and ed25519 are known` };
    }
  } catch {
    return { problem: `${path}: it is no private key in PEM` };
  }
}

const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
