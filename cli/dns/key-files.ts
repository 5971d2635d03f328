import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { dkimRecordFile } from '../../compiler/dns-records/dkim-key-file.ts';
import type { KeyFacts } from '../../compiler/dns-records/records.ts';
import { publicKeyData } from '../../runtime/dkim/key-record.ts';
import { readSigningKey } from '../../runtime/dkim/signing-key.ts';

/** Keys from the files of this machine; relative paths begin in the state directory, as for the server. */
export function keyFilesIn(stateDirectory: string): KeyFacts {
  return {
    dkimKey: (file) => {
      const path = resolve(stateDirectory, file);
      const pem = read(path);
      if (typeof pem === 'string') return recordKey(path, pem);
      const beside = read(dkimRecordFile(path));
      const [, type, key] = typeof beside === 'string' ? (/k=(\w+); p=([\w+/=]+)/.exec(beside) ?? []) : [];
      return type === undefined || key === undefined ? { problem: pem.problem } : { type, key };
    },
    publicKeyHash: (certificate) => {
      const pem = read(certificate);
      if (typeof pem !== 'string') return null;
      try {
        const { publicKey } = new X509Certificate(pem);
        return createHash('sha256')
          .update(publicKey.export({ type: 'spki', format: 'der' }))
          .digest('hex');
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

function recordKey(path: string, pem: string): ReturnType<KeyFacts['dkimKey']> {
  const found = readSigningKey(pem);
  if (typeof found === 'string') return { problem: `${path}: ${found}` };
  return { type: found.type, key: publicKeyData(found.type, createPublicKey(found.key)) };
}
