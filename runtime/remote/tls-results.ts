import type { PeerSecurity } from '../client/peer-security.ts';

/** What TLS with a server came to, in the words of TLS reports (RFC 8460 section 4.3). */
export type TlsResult =
  | 'success'
  | 'starttls-not-supported'
  | 'certificate-host-mismatch'
  | 'certificate-expired'
  | 'certificate-not-trusted'
  | 'validation-failure'
  | 'tlsa-invalid'
  | 'dnssec-invalid'
  | 'sts-policy-fetch-error'
  | 'sts-policy-invalid'
  | 'sts-webpki-invalid';

/** RFC 8460 section 4.4. */
export type TlsPolicyType = 'sts' | 'tlsa' | 'no-policy-found';

export interface TlsFinding {
  readonly policy: TlsPolicyType;
  readonly result: TlsResult;
}

/** How far a connection came. */
export interface TlsSession {
  /** Null: it is in the clear. */
  readonly security: PeerSecurity | null;
  /** STARTTLS was offered and did not work. */
  readonly handshakeFailed: boolean;
}

/** Why a connection is in the clear; null when it is not. */
export function clearTextResult({ security, handshakeFailed }: TlsSession): TlsResult | null {
  if (security !== null) return null;
  return handshakeFailed ? 'validation-failure' : 'starttls-not-supported';
}

/** What is wrong with a certificate, by the code of OpenSSL or Node. */
export function certificateResult(code: string): TlsResult {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'certificate-host-mismatch';
  if (code === 'CERT_HAS_EXPIRED') return 'certificate-expired';
  return isCertificateError(code) ? 'certificate-not-trusted' : 'validation-failure';
}

export function isCertificateError(code: string): boolean {
  return /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_|PATH_LENGTH_|ERR_TLS_CERT_)/.test(code);
}
