import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket, type ConnectionOptions as TlsOptions } from 'node:tls';
import { settle } from '../eventually.ts';
import type { Chunks } from '../message/line-forms.ts';
import type { Eventually } from '../module.ts';
import { DirectOutput } from '../net/direct-output.ts';
import { addressText, type EndpointAddress } from '../net/endpoint-address.ts';
import type { OutputTurn } from '../net/output-turn.ts';
import { untilConnected } from '../net/until-connected.ts';
import { systemReasonOf } from '../reason-of.ts';
import { type Exchange, TlsFailure, type WireBody } from './exchange.ts';
import { handshakeFailure } from './handshake-failure.ts';
import { type PeerSecurity, peerSecurity } from './peer-security.ts';
import type { ServerReply } from './reply-parser.ts';
import { ConnectionLost, type Expectation, ReplyQueue } from './reply-queue.ts';

export interface DialOptions {
  /** Milliseconds each: until connected, for one reply, for the reply to the content. */
  readonly connectTimeout: number;
  readonly commandTimeout: number;
  readonly submissionTimeout: number;
  /** Trust and own certificate for TLS. The server's name is that of its address. */
  readonly tls: Pick<TlsOptions, 'secureContext' | 'rejectUnauthorized'>;
  readonly lookup?: LookupFunction;
  /** Address to connect from. */
  readonly localAddress?: string;
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number;
}

const endOfContent = Buffer.from('.\r\n');
const crlf = Buffer.from('\r\n');
/** Up to this size putting a message together costs less than what the stream does for each of its pieces. */
const onePiece = 32_768;
/** What a server that does not answer QUIT gets. */
const quitTime = 2000;

/** Opens a connection; fails with ConnectionLost or TlsFailure. */
export async function dial(address: EndpointAddress, options: DialOptions, turn: OutputTurn): Promise<SocketExchange> {
  const inlet: Inlet = { receive: noop };
  const socket = await connected(address, options, inlet);
  if (address.kind === 'tcp' && address.tls) {
    return new SocketExchange(await secure(socket, address, options), null, address, options, turn);
  }
  return new SocketExchange(socket, inlet, address, options, turn);
}

/** Replies are short. Longer ones come in pieces. */
const readBufferSize = 4096;

/**
 * Where the bytes of a socket in the clear go, as long as they are not TLS: the first `length` of the buffer, valid until the
 * function returns.
 */
interface Inlet {
  receive: (buffer: Buffer, length: number) => void;
}

async function connected(
  address: EndpointAddress,
  { connectTimeout, lookup, localAddress }: DialOptions,
  inlet: Inlet,
): Promise<Socket> {
  // One buffer for the whole connection, past the stream: Node's own way takes 64 kB from the heap for each reply.
  const buffer = Buffer.allocUnsafeSlow(readBufferSize);
  const onread = {
    buffer,
    callback: (length: number) => {
      inlet.receive(buffer, length);
      return true;
    },
  };
  const socket =
    address.kind === 'unix'
      ? connectTcp({ path: address.path, onread })
      : connectTcp({
          host: address.host,
          port: address.port,
          noDelay: true,
          onread,
          ...(lookup && { lookup }),
          ...(localAddress !== undefined && { localAddress }),
        });
  try {
    await untilConnected(socket, connectTimeout, `dial ${address.kind} ${addressText(address)}: i/o timeout`);
  } catch (error) {
    throw lost(dialFailure(error, address));
  }
  return socket;
}

/** In maddy's words, which come to the sender's eyes: what Node says names no port 0, and nothing at all of several addresses. */
function dialFailure(error: unknown, address: EndpointAddress): unknown {
  const cause: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  if (!(cause instanceof Error) || !('syscall' in cause) || cause.syscall !== 'connect') return cause;
  const tried = 'address' in cause && typeof cause.address === 'string' ? cause.address : null;
  const where = address.kind === 'tcp' && tried !== null ? { ...address, host: tried } : address;
  return new Error(`dial ${address.kind} ${addressText(where)}: connect: ${systemReasonOf(cause)}`, { cause });
}

/** The handshake over a connected socket. */
async function secure(plain: Socket, address: EndpointAddress, options: DialOptions): Promise<TLSSocket> {
  const host = address.kind === 'tcp' ? address.host : '';
  const names = isIP(host) === 0 && host !== '' ? { host, servername: host } : { host };
  const secured = connectTls({ socket: plain, ...names, ...options.tls });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error('the handshake takes too long')), options.connectTimeout);
  secured.once('secureConnect', resolve);
  secured.once('error', reject);
  secured.once('close', () => reject(new Error('the server has closed the connection')));
  try {
    await promise;
  } catch (error) {
    secured.destroy();
    throw handshakeFailure(error, host);
  } finally {
    clearTimeout(timer);
  }
  secured.off('error', reject);
  return secured;
}

function lost(cause: unknown): ConnectionLost {
  return new ConnectionLost(cause instanceof Error ? cause.message : String(cause), { cause });
}

/** The exchange over a socket. */
export class SocketExchange implements Exchange {
  readonly server: string;
  readonly local: boolean;
  readonly #address: EndpointAddress;
  readonly #options: DialOptions;
  readonly #turn: OutputTurn;
  readonly #replies = new ReplyQueue();
  readonly #greeting: Promise<ServerReply>;
  #socket: Socket;
  #output: DirectOutput;
  /** Null in TLS. */
  #inlet: Inlet | null;
  /** Milliseconds for the reply that is awaited. */
  #timeout: number;
  /** Commands, replies and pieces of content so far, what they were when `checkTime` last found them changed, and when. */
  #steps = 0;
  #seenSteps = 0;
  #seenAt = 0;
  #whenLost: (() => void) | null = null;

  readonly #receive = (chunk: Buffer, length?: number): void => {
    // Bytes that complete no reply prove nothing: a server could send them for ever.
    if (this.#replies.receive(chunk, length) > 0) this.#steps++;
  };
  readonly #onError = (error: Error): void => this.#lose(() => lost(error));
  readonly #onEnd = (): void => this.#lose(() => new ConnectionLost('the server has closed the connection'));

  /** `inlet`: of a socket in the clear. */
  constructor(socket: Socket, inlet: Inlet | null, address: EndpointAddress, options: DialOptions, turn: OutputTurn) {
    this.#socket = socket;
    this.#turn = turn;
    this.#output = new DirectOutput(socket, turn);
    this.#inlet = inlet;
    this.#address = address;
    this.#options = options;
    this.#timeout = options.commandTimeout;
    this.#seenAt = options.now();
    this.local = address.kind === 'unix';
    this.server = addressText(address);
    this.#greeting = this.#nextReply();
    // Nobody may ask for it, when TLS fails before.
    this.#greeting.catch(() => {});
    this.#attach(socket);
  }

  get secured(): boolean {
    return this.#inlet === null;
  }

  /** What TLS has shown of the server; null in the clear. */
  get security(): PeerSecurity | null {
    return this.#socket instanceof TLSSocket ? peerSecurity(this.#socket) : null;
  }

  /** Whether another message may go over this connection. */
  get isUsable(): boolean {
    return this.#replies.isQuiet && this.#socket.writable && this.#socket.readable;
  }

  /** To be called now and then: gives up a server that does not answer. (The clock is read here alone, not for each command.) */
  checkTime(now: number): void {
    if (this.#steps !== this.#seenSteps) {
      this.#seenSteps = this.#steps;
      this.#seenAt = now;
    } else if (this.#replies.isWaiting && now - this.#seenAt > this.#timeout) {
      this.#lose(() => new ConnectionLost('the server does not answer'));
    }
  }

  /** Called once, when the connection is lost while nothing is awaited. */
  onLost(callback: () => void): void {
    this.#whenLost = callback;
  }

  greeting(): Promise<ServerReply> {
    return this.#greeting;
  }

  ask(command: string): Promise<ServerReply> {
    const reply = this.#nextReply();
    this.#write(`${command}\r\n`);
    return reply;
  }

  send(command: string, expectation: Expectation): void {
    this.#replies.expect(expectation);
    this.#write(`${command}\r\n`);
  }

  sendBoth(first: string, second: string, expectations: readonly [Expectation, Expectation]): void {
    for (const expectation of expectations) this.#replies.expect(expectation);
    this.#write(`${first}\r\n${second}\r\n`);
  }

  sendContent(header: readonly Buffer[], body: WireBody, replies: number, expectation: Expectation): void {
    this.#await(this.#options.submissionTimeout);
    for (let count = 0; count < replies; count++) this.#replies.expect(expectation);
    settle(
      () => this.#writeContent(header, body),
      noop,
      // A body that cannot be read must not end as if it were complete.
      (error) => this.#lose(() => lost(error)),
    );
  }

  async startTls(): Promise<void> {
    // Whatever came with the reply to STARTTLS was not the server's to say (RFC 3207 section 4.2).
    if (!this.#replies.isQuiet) throw new TlsFailure('the server has sent something before the handshake');
    this.#output.flush();
    const plain = this.#socket;
    if (this.#inlet !== null) this.#inlet.receive = noop;
    plain.off('end', this.#onEnd);
    plain.off('close', this.#onEnd);
    try {
      this.#socket = await secure(plain, this.#address, this.#options);
      this.#output = new DirectOutput(this.#socket, this.#turn);
    } catch (error) {
      this.#lose(() => lost(error));
      throw error;
    }
    this.#inlet = null;
    this.#attach(this.#socket);
  }

  /** Says goodbye and goes, whatever the server answers. */
  quit(): void {
    if (this.isUsable) {
      this.ask('QUIT')
        .catch(noop)
        .finally(() => this.#socket.end());
      setTimeout(() => this.destroy(), quitTime).unref();
    } else this.destroy();
  }

  destroy(): void {
    this.#lose(() => new ConnectionLost('the connection was given up'));
  }

  #write(commands: string): void {
    this.#await(this.#options.commandTimeout);
    this.#output.write(commands);
  }

  #await(timeout: number): void {
    this.#timeout = timeout;
    this.#steps++;
  }

  #nextReply(): Promise<ServerReply> {
    return new Promise((answered, lost) => this.#replies.expect({ answered, lost }));
  }

  #writeContent(header: readonly Buffer[], { chunks, size }: WireBody): Eventually<void> {
    if (size > onePiece || !(Symbol.iterator in chunks)) return this.#writePieces(header, chunks);
    this.#output.write(Buffer.concat([...header, crlf, ...chunks, endOfContent]));
  }

  async #writePieces(header: readonly Buffer[], chunks: Chunks): Promise<void> {
    const socket = this.#socket;
    this.#output.flush();
    socket.cork();
    for (const piece of header) socket.write(piece);
    socket.write(crlf);
    if (Symbol.iterator in chunks) {
      for (const chunk of chunks) {
        if (!socket.write(chunk)) await this.#drained(socket);
      }
    } else {
      for await (const chunk of chunks) {
        if (!socket.write(chunk)) await this.#drained(socket);
      }
    }
    socket.write(endOfContent);
    socket.uncork();
  }

  /** Lets the socket take what it has; fails when it is lost. */
  async #drained(socket: Socket): Promise<void> {
    socket.uncork();
    if (socket.destroyed) throw new ConnectionLost('the connection has ended');
    if (socket.writableNeedDrain) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const ended = (): void => reject(new ConnectionLost('the connection has ended'));
      socket.once('drain', resolve);
      socket.once('close', ended);
      await promise;
      socket.off('close', ended);
    }
    // The server has taken bytes: it is alive.
    this.#steps++;
    socket.cork();
  }

  #attach(socket: Socket): void {
    if (this.#inlet === null) socket.on('data', this.#receive);
    else this.#inlet.receive = this.#receive;
    socket.on('error', this.#onError);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onEnd);
  }

  /** `reason` is asked for when somebody hears it: an error takes as long to make as a message to relay. */
  #lose(reason: () => ConnectionLost): void {
    this.#replies.fail(reason);
    this.#output.flush();
    this.#socket.destroy();
    this.#whenLost?.();
    this.#whenLost = null;
  }
}

function noop(): void {}
