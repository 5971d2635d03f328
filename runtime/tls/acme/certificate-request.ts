import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { bitString, explicit, integer, objectIdentifier, sequence, set } from '../der.ts';
import { ecdsaWithSha256, pem, subjectAltName } from '../x509.ts';

const extensionRequest = '1.2.840.113549.1.9.14';

/** A request (RFC 2986) for a certificate for the names, signed with their key: ECDSA P-256, both in PEM. */
export function createCertificateRequest(names: readonly string[], key: string): string {
  const privateKey = createPrivateKey(key);
  const noSubject = sequence();
  const about = sequence(
    integer(Buffer.of(0)),
    noSubject,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    explicit(0, sequence(objectIdentifier(extensionRequest), set(sequence(subjectAltName(names))))),
  );
  const signature = bitString(sign('sha256', about, privateKey));
  return pem('CERTIFICATE REQUEST', sequence(about, ecdsaWithSha256, signature));
}
