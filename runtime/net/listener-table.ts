import { createServer, isIP, type Server, type Socket } from 'node:net';
import { type InheritedSocket, inheritedFor } from '../systemd/inherited-sockets.ts';
import { addressText, type EndpointAddress } from './endpoint-address.ts';

export type ConnectionHandler = (socket: Socket) => void;

/** A place where connections come in; its handler can be replaced without closing it. */
export interface Claim {
  /** The port that was chosen where 0 was asked for; null on unix sockets. */
  readonly port: number | null;
  /** Closes the socket, unless somebody else has claimed its address since. */
  release(): Promise<void>;
}

interface Listener {
  readonly server: Server;
  handler: ConnectionHandler;
  /** The last one that asked for the address: only it may close the socket. */
  owner: symbol;
}

/**
 * Listening sockets by address, for the life of the process. A reload claims an address that is already open and gets
 * the same kernel socket: no connection is refused or lost in between (runtime-core 2.3).
 */
export class ListenerTable {
  #inherited: readonly InheritedSocket[];
  /** Whether endpoints log where they listen: of several processes that serve together one does. */
  announces = true;
  readonly #listeners = new Map<string, Listener>();

  /** `inherited`: sockets that whoever started this process has opened for it. */
  constructor(inherited: readonly InheritedSocket[] = []) {
    this.#inherited = inherited;
  }

  /** All connections from now on go to `handler`. Fails with maddy's words (`listen tcp ...: bind: ...`). */
  async claim(address: EndpointAddress, handler: ConnectionHandler): Promise<Claim> {
    const key = addressText(address);
    const owner = Symbol(key);
    let listener = this.#listeners.get(key);
    if (listener === undefined) {
      const inherited = inheritedFor(address, this.#inherited);
      // Once it is closed it is gone.
      this.#inherited = this.#inherited.filter((socket) => socket !== inherited);
      listener = await open(address, { handler, owner, inherited });
      // A port that the system chose belongs to nobody else's configuration.
      if (address.kind === 'unix' || address.port !== 0) this.#listeners.set(key, listener);
    } else {
      listener.handler = handler;
      listener.owner = owner;
    }
    return this.#claim(key, listener, owner);
  }

  #claim(key: string, listener: Listener, owner: symbol): Claim {
    const bound = listener.server.address();
    return {
      port: bound !== null && typeof bound === 'object' ? bound.port : null,
      release: () => {
        if (listener.owner !== owner || !listener.server.listening) return Promise.resolve();
        if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
        // The callback waits for open connections; the socket itself is closed at once.
        listener.server.close();
        return Promise.resolve();
      },
    };
  }
}

interface Opening {
  readonly handler: ConnectionHandler;
  readonly owner: symbol;
  readonly inherited: InheritedSocket | undefined;
}

async function open(address: EndpointAddress, { handler, owner, inherited }: Opening): Promise<Listener> {
  if (address.kind === 'tcp') requireIp(address.host);
  // Clients may half-close behind their last command and still want the answers.
  const server = createServer({ noDelay: true, allowHalfOpen: true });
  const listener: Listener = { server, handler, owner };
  server.on('connection', (socket) => listener.handler(socket));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error) => reject(listenError(address, error)));
  server.once('listening', resolve);
  if (inherited !== undefined) server.listen({ fd: inherited.fd });
  else if (address.kind === 'unix') server.listen({ path: address.path });
  else server.listen({ host: address.host, port: address.port, ipv6Only: false });
  await promise;
  // Errors of single connections (no file descriptor left) are not the listener's end.
  server.on('error', () => {});
  return listener;
}

function requireIp(host: string): void {
  if (host === '') throw new Error('no IP');
  if (isIP(host.split('%')[0] ?? '') === 0) throw new Error(`ParseAddr(${JSON.stringify(host)}): unable to parse IP`);
}

const systemErrors: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EACCES: 'permission denied',
  ENOENT: 'no such file or directory',
  EINVAL: 'invalid argument',
};

function listenError(address: EndpointAddress, error: NodeJS.ErrnoException): Error {
  const cause = systemErrors[error.code ?? ''] ?? error.message;
  return new Error(`listen ${address.kind} ${addressText(address)}: bind: ${cause}`, { cause: error });
}
