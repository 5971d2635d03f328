import { boolean, generalName, objectIdentifier, octetString, sequence } from './der.ts';

/** Parts that certificates (RFC 5280) and requests for them (RFC 2986) have in common. */

export const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

export function extension(identifier: string, value: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(identifier), ...(critical ? [boolean(true)] : []), octetString(value));
}

/** DNS names and IP addresses. */
export function subjectAltName(names: readonly string[]): Buffer {
  return extension('2.5.29.17', sequence(...names.map(generalName)));
}

export function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
