import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { bitString, explicit, integer, objectIdentifier, sequence, set, time, utf8String } from './der.ts';
import { ecdsaWithSha256, extension, pem, subjectAltName } from './x509.ts';

export interface CertificateAndKey {
  /** PEM */
  readonly cert: string;
  readonly key: string;
}

const validMilliseconds = 7 * 24 * 3_600_000;
/** Clocks of clients may be behind. */
const clockSkewMilliseconds = 3_600_000;

const organization = '2.5.4.10';
const extensions = {
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  extKeyUsage: '2.5.29.37',
};
const serverAuth = '1.3.6.1.5.5.7.3.1';

/** A throw-away ECDSA P-256 certificate (RFC 5280) for the given host names and IP addresses, valid for a week. */
export function createSelfSigned(names: readonly string[], now = new Date()): CertificateAndKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(objectIdentifier(organization), utf8String('Maddy Self-Signed'))));
  const certificate = sequence(
    explicit(0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ecdsaWithSha256,
    name,
    sequence(time(new Date(now.getTime() - clockSkewMilliseconds)), time(new Date(now.getTime() + validMilliseconds))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...certificateExtensions(names))),
  );
  const signed = sequence(certificate, ecdsaWithSha256, bitString(sign('sha256', certificate, privateKey)));
  return { cert: pem('CERTIFICATE', signed), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function certificateExtensions(names: readonly string[]): readonly Buffer[] {
  const digitalSignature = bitString(Buffer.of(0x80), 7);
  return [
    extension(extensions.keyUsage, digitalSignature, true),
    extension(extensions.extKeyUsage, sequence(objectIdentifier(serverAuth))),
    extension(extensions.basicConstraints, sequence(), true),
    ...(names.length === 0 ? [] : [subjectAltName(names)]),
  ];
}
