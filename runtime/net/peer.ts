import type { Socket } from 'node:net';

/** Both ends of a connection; nulls on unix sockets. Addresses are un-mapped: never `::ffff:192.0.2.1`. */
export interface PeerAddresses {
  readonly address: string | null;
  readonly port: number | null;
  readonly localAddress: string | null;
  readonly localPort: number | null;
}

export function peerOf(socket: Socket): PeerAddresses {
  const { remoteAddress } = socket;
  if (remoteAddress === undefined) return { address: null, port: null, localAddress: null, localPort: null };
  return new SocketPeer(socket, unmapAddress(remoteAddress));
}

class SocketPeer implements PeerAddresses {
  readonly address: string;
  readonly port: number | null;
  readonly #socket: Socket;

  constructor(socket: Socket, address: string) {
    this.address = address;
    this.port = socket.remotePort ?? null;
    this.#socket = socket;
  }

  // What is seldom asked for costs a system call.

  get localAddress(): string | null {
    const { localAddress } = this.#socket;
    return localAddress === undefined ? null : unmapAddress(localAddress);
  }

  get localPort(): number | null {
    return this.#socket.localPort ?? null;
  }
}

/** An IPv4 client of a socket for both families is an IPv4 client. */
export function unmapAddress(address: string): string {
  if (!address.includes(':')) return address;
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address;
}
