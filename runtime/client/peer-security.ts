import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** What a TLS handshake has shown of the server. */
export interface PeerSecurity {
  /** The certificate is valid for the name and leads to a root that is trusted. */
  readonly verified: boolean;
  /** Why it is not; null when it is. */
  readonly failure: string | null;
  /** Certificates from the server's own upwards, as far as they were shown; empty when it has none. */
  readonly chain: () => readonly X509Certificate[];
}

/** Of a connection whose handshake has ended. */
export function peerSecurity(socket: TLSSocket): PeerSecurity {
  const { authorized, authorizationError } = socket;
  return {
    verified: authorized,
    failure: authorized ? null : String(authorizationError ?? 'not verified'),
    chain: () => chainOf(socket.getPeerCertificate(true)),
  };
}

const longestChain = 20;

function chainOf(own: DetailedPeerCertificate): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<DetailedPeerCertificate>();
  // A root is its own issuer.
  for (let next: DetailedPeerCertificate | undefined = own; next?.raw !== undefined; next = next.issuerCertificate) {
    if (seen.has(next) || chain.length >= longestChain) break;
    seen.add(next);
    chain.push(new X509Certificate(next.raw));
  }
  return chain;
}
