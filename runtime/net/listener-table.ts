import { createServer, isIP, type Server, type Socket } from 'node:net';
import { systemReasonOf } from '../reason-of.ts';
import { type InheritedSocket, inheritedFor } from '../systemd/inherited-sockets.ts';
import { addressText, type EndpointAddress } from './endpoint-address.ts';

export type ConnectionHandler = (socket: Socket) => void;

/** A place where connections come in; its handler can be replaced without closing it. */
export interface Claim {
  /** The port that was chosen where 0 was asked for; null on unix sockets. */
  readonly port: number | null;
  /** All connections from now on are this claim's, and those that came while the socket was nobody's. */
  serve(): void;
  /** Closes the socket, unless somebody else serves there. */
  release(): Promise<void>;
}

interface Listener {
  readonly server: Server;
  /** Null until somebody serves. */
  handler: ConnectionHandler | null;
  /** Who came before that. */
  readonly waiting: Set<Socket>;
  /** Who opened the socket, then who served last: only it may close the socket. */
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

  /**
   * `handler` gets the connections once the claim serves: a configuration that cannot have all of its addresses takes none away
   * from another. Fails with maddy's words (`listen tcp ...: bind: ...`).
   */
  async claim(address: EndpointAddress, handler: ConnectionHandler): Promise<Claim> {
    const key = addressText(address);
    const owner = Symbol(key);
    let listener = this.#listeners.get(key);
    if (listener === undefined) {
      const inherited = inheritedFor(address, this.#inherited);
      // Once it is closed it is gone.
      this.#inherited = this.#inherited.filter((socket) => socket !== inherited);
      listener = await open(address, { owner, inherited });
      // A port that the system chose belongs to nobody else's configuration.
      if (address.kind === 'unix' || address.port !== 0) this.#listeners.set(key, listener);
    }
    return this.#claim(key, listener, { handler, owner });
  }

  #claim(key: string, listener: Listener, { handler, owner }: { handler: ConnectionHandler; owner: symbol }): Claim {
    const bound = listener.server.address();
    return {
      port: bound !== null && typeof bound === 'object' ? bound.port : null,
      serve: () => {
        listener.handler = handler;
        listener.owner = owner;
        for (const socket of listener.waiting) handler(socket);
        listener.waiting.clear();
      },
      release: () => {
        if (listener.owner !== owner || !listener.server.listening) return Promise.resolve();
        if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
        for (const socket of listener.waiting) socket.destroy();
        // The callback waits for open connections; the socket itself is closed at once.
        listener.server.close();
        return Promise.resolve();
      },
    };
  }
}

interface Opening {
  readonly owner: symbol;
  readonly inherited: InheritedSocket | undefined;
}

async function open(address: EndpointAddress, { owner, inherited }: Opening): Promise<Listener> {
  if (address.kind === 'tcp') requireIp(address.host);
  // Clients may half-close behind their last command and still want the answers.
  const server = createServer({ noDelay: true, allowHalfOpen: true });
  const listener: Listener = { server, handler: null, waiting: new Set(), owner };
  server.on('connection', (socket) => {
    if (listener.handler !== null) {
      listener.handler(socket);
      return;
    }
    listener.waiting.add(socket);
    socket.on('error', () => listener.waiting.delete(socket));
  });
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

function listenError(address: EndpointAddress, error: NodeJS.ErrnoException): Error {
  return new Error(`listen ${address.kind} ${addressText(address)}: bind: ${systemReasonOf(error)}`, { cause: error });
}
