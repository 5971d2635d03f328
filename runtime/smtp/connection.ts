import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Encryption, Reply } from '../module.ts';
import { DirectOutput } from '../net/direct-output.ts';
import type { OutputTurn } from '../net/output-turn.ts';
import { type PeerAddresses, peerOf } from '../net/peer.ts';
import { readProxyHeader } from '../net/proxy-header.ts';
import type { TrustList } from '../net/trust-list.ts';
import { systemReasonOf } from '../reason-of.ts';
import type { Handshake } from '../tls/certificates.ts';
import { engineReason } from '../tls/engine-reason.ts';
import type { SessionBackend } from './backend.ts';
import { clientEndpoint } from './live-client.ts';
import { maxKeptInput, type SessionOptions } from './options.ts';
import { replies } from './replies.ts';
import { replyLine } from './reply-line.ts';
import { Session, type Wire } from './session.ts';

/** Asked for at each handshake, so that renewed certificates count at once. */
export type HandshakeSource = () => Handshake;

export interface ConnectionOptions {
  readonly session: SessionOptions;
  readonly backend: SessionBackend;
  readonly startTls: HandshakeSource | null;
  readonly proxy: { readonly trust: TrustList; readonly tls: HandshakeSource | null } | null;
  readonly readTimeout: number;
  readonly writeTimeout: number;
}

/** A connection as its service hands it over. */
export interface AcceptedSocket {
  readonly socket: Socket;
  /** The bytes of its `data` are somebody else's again when their listeners have returned. */
  readonly lendsInput: boolean;
  /** The certificate for TLS from the first byte, null for a start in the clear. */
  readonly implicitTls: HandshakeSource | null;
}

/** After the last words the client gets this long to close; an earlier end could take the words back (RST). */
const lingerTime = 2000;

/** Type of a TLS record that carries a handshake (RFC 8446 section 5.1). */
const handshakeRecord = 22;

/** Between a socket and its session: TLS, PROXY headers, flow control and the end. */
export class Connection implements Wire {
  readonly #options: ConnectionOptions;
  readonly #session: Session;
  readonly #turn: OutputTurn;
  readonly #whenClosed: (connection: Connection) => void;
  readonly #peer: PeerAddresses;
  #socket: Socket;
  #lendsInput: boolean;
  #output: DirectOutput;
  /** Beginning of a PROXY header; null when none is looked for (any more). */
  #proxyBytes: Buffer | null;
  #tlsAfterProxyHeader: HandshakeSource | null;
  #handshakeSince: number | null = null;
  #endedSince: number | null = null;
  /** Two reasons not to read: the session is at work, or the client does not take its replies. */
  #sessionPaused = false;
  #outputBlocked = false;
  #stalled: { readonly since: number; readonly left: number } | null = null;

  readonly #onData = (chunk: Buffer): void => this.#receive(chunk);
  readonly #onEnd = (): void => this.#inputEnded();
  readonly #onError = (error: Error): void => {
    this.#noteHandshakeFailure(engineReason(error) ?? systemReasonOf(error));
    this.destroy();
  };
  readonly #onClose = (): void => {
    this.#session.disconnected();
    this.#whenClosed(this);
  };

  constructor(
    options: ConnectionOptions,
    { socket, lendsInput, implicitTls }: AcceptedSocket,
    turn: OutputTurn,
    whenClosed: (connection: Connection) => void,
  ) {
    this.#options = options;
    this.#socket = socket;
    this.#lendsInput = lendsInput;
    this.#turn = turn;
    this.#output = new DirectOutput(socket, turn);
    this.#whenClosed = whenClosed;
    this.#peer = peerOf(socket);
    this.#proxyBytes = options.proxy === null ? null : Buffer.alloc(0);
    this.#session = new Session(options.session, options.backend, this, this.#peer);
    this.#attach(socket);
    const tls = implicitTls ?? options.proxy?.tls ?? null;
    this.#tlsAfterProxyHeader = this.#proxyBytes === null ? null : tls;
    if (tls === null) this.#session.greet();
    else if (this.#proxyBytes === null) this.#secureAndGreet(tls);
    // Who waited for the server to start may have ended its side before anybody listened.
    if (socket.readableEnded) this.#inputEnded();
  }

  /** No message in progress, or nothing but a handshake. */
  get isIdle(): boolean {
    return this.#handshakeSince !== null || this.#session.isIdle;
  }

  /** Milliseconds since the last words were said; 0 before. */
  get endedFor(): number {
    return this.#endedSince === null ? 0 : this.#options.session.now() - this.#endedSince;
  }

  /** Says so and closes, if the session is not at work. */
  shutDown(reply: Reply): void {
    if (this.#handshakeSince === null) this.#session.shutDown(reply);
    else this.destroy();
  }

  destroy(): void {
    this.#output.flush();
    this.#socket.destroy();
  }

  /** To be called now and then: ends what has waited too long. */
  checkTimes(now: number): void {
    const { readTimeout } = this.#options;
    const since = this.#session.waitingSince;
    if (this.#endedSince !== null && now - this.#endedSince > lingerTime) this.destroy();
    else if (this.#handshakeSince !== null) {
      if (now - this.#handshakeSince > readTimeout) this.#giveUpHandshake('not complete within read_timeout');
    } else if (this.#isStalled(now)) this.destroy();
    else if (since !== null && now - since > readTimeout) this.#session.timeOut();
  }

  send(text: string): void {
    this.#output.write(text);
    // Bytes that wait behind a direct write are the stream's, so it tells when they are gone.
    if (this.#socket.writableLength < maxKeptInput) return;
    this.#outputBlocked = true;
    this.#regulate();
    this.#socket.once('drain', () => {
      this.#outputBlocked = false;
      this.#regulate();
    });
  }

  end(text: string, clientIsDone: boolean): void {
    if (this.#endedSince !== null) return;
    this.#endedSince = this.#options.session.now();
    const socket = this.#socket;
    if (clientIsDone && !this.#session.client.tls) {
      // No shutdown and no waiting: most clients are gone by then, and all have what they came for.
      // A turn later, or the stream makes an error with its stack of having been destroyed while it wrote.
      this.#output.write(text, () => process.nextTick(() => socket.destroy()));
    } else {
      this.#output.flush();
      socket.end(text);
      // What the client still sends is read and dropped until it closes.
      socket.resume();
    }
  }

  startTls(text: string): void {
    const { startTls } = this.#options;
    this.#output.write(text);
    this.#output.flush();
    if (startTls === null) this.destroy();
    else this.#whenHandshakeBegins((plain) => this.#secureOrSay(startTls, plain));
  }

  /** Who goes on in the clear is told so in the clear, which the TLS engine would not do (runtime-core 5.2). */
  #whenHandshakeBegins(begin: (plain: Socket) => void): void {
    const plain = this.#socket;
    plain.off('data', this.#onData);
    this.#handshakeSince = this.#options.session.now();
    plain.once('data', (bytes: Buffer) => {
      if (this.#endedSince !== null) return;
      if (bytes[0] !== handshakeRecord) {
        this.#giveUpHandshake('the client goes on without TLS');
        return;
      }
      // It must not come back as what is read now.
      plain.pause();
      plain.unshift(Buffer.from(bytes));
      begin(plain);
    });
  }

  #giveUpHandshake(reason: string): void {
    this.#noteHandshakeFailure(reason);
    if (this.#socket instanceof TLSSocket) this.destroy();
    else this.#session.shutDown(replies.noHandshake);
  }

  /** A handshake that fails later is told in the clear too, behind the alert of the TLS engine. */
  #secureOrSay(handshake: HandshakeSource, plain: Socket): void {
    const secured = this.#secure(handshake, () => this.#session.secured());
    secured.prependOnceListener('error', () => {
      // The socket below is open until this event is over.
      if (this.#handshakeSince !== null && plain.writable) plain.write(replyLine(replies.noHandshake));
    });
  }

  pause(): void {
    this.#sessionPaused = true;
    this.#regulate();
  }

  resume(): void {
    this.#sessionPaused = false;
    this.#regulate();
  }

  #regulate(): void {
    if (this.#endedSince === null && (this.#sessionPaused || this.#outputBlocked)) this.#socket.pause();
    else this.#socket.resume();
  }

  /** The client has not taken a byte of what waits for it for `write_timeout`. */
  #isStalled(now: number): boolean {
    const left = this.#output.waiting;
    if (left === 0) this.#stalled = null;
    else if (this.#stalled === null || left < this.#stalled.left) this.#stalled = { since: now, left };
    return this.#stalled !== null && now - this.#stalled.since > this.#options.writeTimeout;
  }

  #attach(socket: Socket): void {
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  #receive(chunk: Buffer): void {
    if (this.#endedSince !== null) return;
    if (this.#proxyBytes === null) this.#session.receive(chunk, this.#lendsInput);
    else this.#readProxy(Buffer.concat([this.#proxyBytes, chunk]));
  }

  #readProxy(bytes: Buffer): void {
    const header = readProxyHeader(bytes);
    if (header.kind === 'incomplete') {
      this.#proxyBytes = bytes;
      return;
    }
    this.#proxyBytes = null;
    if (header.kind === 'malformed') {
      // Nobody knows who this is. Where TLS would come next, a clear word would not be read.
      if (this.#tlsAfterProxyHeader === null) this.#session.shutDown(replies.connectionError);
      else this.destroy();
      return;
    }
    if (header.kind === 'header') this.#believe(header.addresses);
    const tls = this.#tlsAfterProxyHeader;
    if (tls !== null) {
      this.#tlsAfterProxyHeader = null;
      // On a `tls://` address maddy looks for the header inside of TLS (runtime-core 10.3); most proxies write it before.
      if (header.kind === 'absent') this.#proxyBytes = Buffer.alloc(0);
      // It must not come back as what is read now.
      this.#socket.pause();
      if (header.rest.length > 0) this.#socket.unshift(header.rest);
      this.#secureAndGreet(tls);
    } else if (header.rest.length > 0) this.#session.receive(header.rest);
  }

  #believe(addresses: PeerAddresses | null): void {
    if (this.#options.proxy?.trust.trusts(this.#peer.address)) {
      if (addresses !== null) this.#session.client.relocate(addresses);
    } else {
      const source = clientEndpoint(this.#session.client);
      this.#options.session.log.child('proxy').message(`connection from untrusted source ${source}`);
    }
  }

  #secureAndGreet(context: HandshakeSource): void {
    this.#secure(context, () => {
      this.#session.secured();
      this.#session.greet();
    });
  }

  #secure(handshake: HandshakeSource, whenSecure: () => void): TLSSocket {
    const plain = this.#socket;
    // The TLS engine begins with what the socket still holds; one that flows would drop that before.
    plain.pause();
    plain.off('data', this.#onData);
    plain.off('end', this.#onEnd);
    plain.off('close', this.#onClose);
    this.#handshakeSince = this.#options.session.now();
    const secured = new TLSSocket(plain, { isServer: true, ...handshake() });
    this.#socket = secured;
    this.#lendsInput = false;
    this.#output = new DirectOutput(secured, this.#turn);
    this.#attach(secured);
    secured.once('secure', () => {
      this.#handshakeSince = null;
      this.#session.client.encryption = encryptionOf(secured);
      whenSecure();
    });
    return secured;
  }

  #inputEnded(): void {
    if (this.#handshakeSince === null) {
      this.#session.inputEnded();
      return;
    }
    this.#noteHandshakeFailure('the client closed the connection');
    this.destroy();
  }

  /** Once, and where no handshake goes on not at all. Only with debug: whoever searches the net for servers makes many. */
  #noteHandshakeFailure(reason: string): void {
    if (this.#handshakeSince === null) return;
    this.#handshakeSince = null;
    const { log } = this.#options.session;
    log.debug('TLS handshake failed', { reason, src_ip: clientEndpoint(this.#session.client) });
  }
}

function encryptionOf(socket: TLSSocket): Encryption {
  return { version: (socket.getProtocol() ?? '').replace(/^TLSv/, ''), cipher: socket.getCipher().standardName };
}
