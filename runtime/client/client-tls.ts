import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { tlsClient } from '../../compiler/catalog/blocks/tls-client.ts';
import type { ConfigOf } from '../../compiler/catalog/config-of.ts';
import { tuningOptions } from '../tls/tuning.ts';

/** `tls_client`: whom to trust, and what to show. Files are relative to `directory`. Throws when one cannot be read. */
export function createClientContext(config: ConfigOf<typeof tlsClient> | undefined, directory: string): SecureContext {
  const read = (path: string): Buffer => readFileSync(resolve(directory, path));
  const { root_ca: roots, cert, key, ...tuning } = config ?? {};
  return createSecureContext({
    ...tuningOptions(tuning),
    ...(roots !== undefined && { ca: roots.map(read) }),
    ...(cert !== undefined && key !== undefined && { cert: read(cert), key: read(key) }),
  });
}
