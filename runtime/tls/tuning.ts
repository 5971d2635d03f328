import { DEFAULT_CIPHERS, type SecureContextOptions, type SecureVersion } from 'node:tls';
import { cipherNames, curveNames, tls13Ciphers } from './suites.ts';

/** `protocols`, `ciphers` and `curves` of a `tls` or `tls_client` block. */
export interface TlsTuning {
  readonly protocols?: { readonly min: Version | null; readonly max: Version | null } | undefined;
  readonly ciphers?: readonly string[] | undefined;
  readonly curves?: readonly string[] | undefined;
}

type Version = 'tls1.0' | 'tls1.1' | 'tls1.2' | 'tls1.3';

/** D31: 1.0 and 1.1 only for who asks for them, where OpenSSL has them. */
const defaultMinimum: Version = 'tls1.2';

/** For `createSecureContext`. Throws when nothing usable is left of the ciphers. */
export function tuningOptions({ protocols, ciphers, curves }: TlsTuning): SecureContextOptions {
  const options: SecureContextOptions = { minVersion: versionName(protocols?.min ?? defaultMinimum) };
  if (protocols?.max) options.maxVersion = versionName(protocols.max);
  if (ciphers !== undefined && ciphers.length > 0) {
    const known = ciphers.flatMap((name) => cipherNames.get(name) ?? []);
    if (known.length === 0) throw new Error('none of the ciphers can be used with this TLS library');
    options.ciphers = `${tls13Ciphers}:${known.join(':')}`;
  }
  // OpenSSL has the old versions, but speaks them only below its lowest level of security, since they sign with SHA-1.
  if (options.minVersion === 'TLSv1' || options.minVersion === 'TLSv1.1') {
    options.ciphers = `${options.ciphers ?? DEFAULT_CIPHERS}:@SECLEVEL=0`;
  }
  const groups = (curves ?? []).flatMap((name) => curveNames.get(name) ?? []);
  if (groups.length > 0) options.ecdhCurve = groups.join(':');
  return options;
}

function versionName(version: Version): SecureVersion {
  switch (version) {
    case 'tls1.0':
      return 'TLSv1';
    case 'tls1.1':
      return 'TLSv1.1';
    case 'tls1.2':
      return 'TLSv1.2';
    case 'tls1.3':
      return 'TLSv1.3';
  }
}
