import type { PeerAddresses } from '../net/peer.ts';
import type { SessionClient } from './backend.ts';

/** The client of a session as it is known by now; one object for the whole connection. */
export class LiveClient implements SessionClient {
  address: string | null;
  port: number | null;
  localAddress: string | null;
  localPort: number | null;
  tls = false;
  helo = '';
  auth: { readonly user: string; readonly password: string } | null = null;

  constructor(peer: PeerAddresses) {
    this.address = peer.address;
    this.port = peer.port;
    this.localAddress = peer.localAddress;
    this.localPort = peer.localPort;
  }

  /** What a PROXY header says about the connection. */
  relocate(peer: PeerAddresses): void {
    Object.assign(this, peer);
  }
}

/** `IP:PORT` as log lines have it; null on unix sockets. */
export function clientEndpoint(client: SessionClient): string | null {
  if (client.address === null) return null;
  const host = client.address.includes(':') ? `[${client.address}]` : client.address;
  return `${host}:${client.port ?? 0}`;
}
