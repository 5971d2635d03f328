import type { Encryption, Login } from '../module.ts';
import type { PeerAddresses } from '../net/peer.ts';
import type { SessionClient } from './backend.ts';

/** The client of a session as it is known by now; one object for the whole connection. */
export class LiveClient implements SessionClient {
  tls = false;
  encryption: Encryption | null = null;
  helo = '';
  auth: Login | null = null;
  #peer: PeerAddresses;

  constructor(peer: PeerAddresses) {
    this.#peer = peer;
  }

  get address(): string | null {
    return this.#peer.address;
  }

  get port(): number | null {
    return this.#peer.port;
  }

  get localAddress(): string | null {
    return this.#peer.localAddress;
  }

  get localPort(): number | null {
    return this.#peer.localPort;
  }

  /** What a PROXY header says about the connection. */
  relocate(peer: PeerAddresses): void {
    this.#peer = peer;
  }
}

/** `IP:PORT` as log lines have it; null on unix sockets. */
export function clientEndpoint(client: Pick<SessionClient, 'address' | 'port'>): string | null {
  if (client.address === null) return null;
  const host = client.address.includes(':') ? `[${client.address}]` : client.address;
  return `${host}:${client.port ?? 0}`;
}
