import { randomInt } from 'node:crypto';
import { connect, type LookupFunction, type Socket } from 'node:net';
import type { AuthProvider, AuthRequest, AuthVerdict } from '../module.ts';
import type { EndpointAddress } from '../net/endpoint-address.ts';
import { reasonOf } from '../reason-of.ts';
import { DovecotAuthMachine } from './dovecot-protocol.ts';

export interface DovecotClientOptions {
  readonly address: EndpointAddress;
  /** How its name is found; as this system does it when absent. */
  readonly lookup?: LookupFunction;
  /** Milliseconds: until the server is connected and has said `DONE`. */
  readonly handshakeTimeout: number;
  /** Milliseconds for one answer. Dovecot itself delays refusals by some seconds. */
  readonly answerTimeout: number;
}

/**
 * A Dovecot that is told to stop goes on serving the connections that its auth process has, with the old configuration and for
 * as long as they stay: whoever keeps one never learns that it was stopped or restarted. So a connection serves bursts of
 * logins and no more. Milliseconds.
 */
const longestIdle = 250;
const longestAge = 5000;
const stopping = 'the server stops';

/**
 * Passwords checked by a Dovecot auth server over one connection, made with the first attempt, shared by attempts that come close
 * together, and made again after a pause or when the server was restarted. Trouble with the server is a temporary verdict, never a refusal (D6, D26).
 */
export class DovecotAuthClient implements AuthProvider {
  readonly #options: DovecotClientOptions;
  readonly #open = new Set<Connection>();
  #connection: Promise<Connection> | null = null;
  #isStopped = false;

  constructor(options: DovecotClientOptions) {
    this.#options = options;
  }

  async authenticate(request: AuthRequest): Promise<AuthVerdict> {
    if (request.user.includes('\0') || request.password.includes('\0')) {
      return { kind: 'refused', reason: 'user name or password has a NUL' };
    }
    const isKept = this.#connection !== null;
    const first = await this.#attempt(request);
    // The kept connection may have died unseen: once more on a new one.
    const isLost = isKept && this.#connection === null && first.kind === 'temporary';
    return isLost ? this.#attempt(request) : first;
  }

  /** Why no password could be checked now; null when it could, or when nobody wants to know any more. */
  async trouble(): Promise<string | null> {
    try {
      const connection = await this.#freshConnection();
      connection.closeWhenIdle();
      return null;
    } catch (error) {
      return this.#isStopped ? null : reasonOf(error);
    }
  }

  /** At once: what waits for an answer is told to try again later. */
  stop(): void {
    this.#isStopped = true;
    for (const connection of this.#open) connection.close(stopping);
  }

  async #attempt(request: AuthRequest): Promise<AuthVerdict> {
    try {
      const connection = await this.#freshConnection();
      return await connection.authenticate(request, this.#options.answerTimeout);
    } catch (error) {
      const reason = reasonOf(error);
      return { kind: 'temporary', reason: `dovecot_sasl: unable to contact server: ${reason}` };
    }
  }

  async #freshConnection(): Promise<Connection> {
    if (this.#isStopped) throw new Error(stopping);
    this.#connection ??= this.#connect();
    const connection = await this.#connection;
    if (connection.isFresh) return connection;
    this.#connection = null;
    connection.closeWhenIdle();
    this.#connection ??= this.#connect();
    return this.#connection;
  }

  #connect(): Promise<Connection> {
    const connection = Connection.dial(this.#options, () => {
      this.#open.delete(connection);
      if (this.#connection === connecting) this.#connection = null;
    });
    this.#open.add(connection);
    const connecting = connection.ready(this.#options.handshakeTimeout);
    return connecting;
  }
}

class Connection {
  readonly #socket: Socket;
  readonly #machine: DovecotAuthMachine;
  readonly #whenClosed: () => void;
  #whenReady: (() => void) | null = null;
  #closed: string | null = null;
  readonly #opened = performance.now();
  #waiting = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  private constructor(socket: Socket, whenClosed: () => void) {
    this.#socket = socket;
    this.#whenClosed = whenClosed;
    this.#machine = new DovecotAuthMachine((text) => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('connect', () => this.#machine.begin(randomInt(1, 2 ** 31)));
    socket.on('data', (text: string) => this.#receive(text));
    socket.on('error', (error) => this.close(error.message));
    socket.on('end', () => this.close('the server has closed the connection'));
    socket.on('close', () => this.close('the server has closed the connection'));
  }

  static dial({ address, lookup }: DovecotClientOptions, whenClosed: () => void): Connection {
    const socket =
      address.kind === 'unix'
        ? connect({ path: address.path })
        : connect({ host: address.host, port: address.port, noDelay: true, ...(lookup && { lookup }) });
    return new Connection(socket, whenClosed);
  }

  /** Resolves to itself when the server is ready. */
  async ready(handshakeTimeout: number): Promise<this> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenReady = resolve;
    const timer = setTimeout(() => this.close('the handshake takes too long'), handshakeTimeout);
    await promise;
    clearTimeout(timer);
    if (this.#closed !== null) throw new Error(this.#closed);
    // An idle connection does not keep the process alive.
    this.#socket.unref();
    return this;
  }

  authenticate(request: AuthRequest, timeout: number): Promise<AuthVerdict> {
    return new Promise((resolve) => {
      if (this.#closed !== null) {
        resolve({ kind: 'temporary', reason: this.#closed });
        return;
      }
      const timer = setTimeout(() => this.close('the server does not answer'), timeout);
      this.#waiting += 1;
      clearTimeout(this.#idleTimer);
      this.#machine.authenticate(request, (verdict) => {
        clearTimeout(timer);
        this.#waiting -= 1;
        this.closeWhenIdle();
        resolve(verdict);
      });
    });
  }

  get isFresh(): boolean {
    return performance.now() - this.#opened < longestAge;
  }

  /** At once when it is too old for more attempts, otherwise after a pause. */
  closeWhenIdle(): void {
    if (this.#waiting > 0 || this.#closed !== null) return;
    clearTimeout(this.#idleTimer);
    if (!this.isFresh) this.close('not used any more');
    else this.#idleTimer = setTimeout(() => this.close('not used any more'), longestIdle).unref();
  }

  close(reason: string): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    clearTimeout(this.#idleTimer);
    this.#socket.destroy();
    // Before the attempts are told: what they do next is to use a new connection.
    this.#whenClosed();
    this.#machine.fail(reason);
    this.#whenReady?.();
  }

  #receive(text: string): void {
    try {
      this.#machine.receive(text);
    } catch (error) {
      this.close(reasonOf(error));
    }
    if (this.#machine.isReady) this.#whenReady?.();
  }
}
