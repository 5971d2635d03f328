import type { Chunks } from '../message/line-forms.ts';
import type { Extensions } from './extensions.ts';
import type { ServerReply } from './reply-parser.ts';
import type { Expectation } from './reply-queue.ts';

/** A body in wire form. */
export interface WireBody {
  readonly chunks: Chunks;
  /** Bytes before it was dot-stuffed. */
  readonly size: number;
}

/**
 * A connection to a server, as the client's machines see it. Each promise or expectation is one reply, and fails with
 * ConnectionLost when the connection ends before.
 */
export interface Exchange {
  /** For logs and texts: `mx.example.org:25`, `/run/dovecot/lmtp`. */
  readonly server: string;
  readonly secured: boolean;
  /** On this machine only, by a unix socket. */
  readonly local: boolean;
  /** The reply that a server gives without being asked: its greeting. */
  greeting(): Promise<ServerReply>;
  ask(command: string): Promise<ServerReply>;
  /** As `ask`, for what every message needs: a promise for each reply costs more than the reply. */
  send(command: string, expectation: Expectation): void;
  /** Two commands in one write (RFC 2920). */
  sendBoth(first: string, second: string, expectations: readonly [Expectation, Expectation]): void;
  /** Header, in pieces, and body in wire form; the empty line between them and the final dot are added. As many replies as asked for: one for each recipient on LMTP. */
  sendContent(header: readonly Buffer[], body: WireBody, replies: number, expectation: Expectation): void;
  /** TLS from here on. Fails with TlsFailure. */
  startTls(): Promise<void>;
}

/** The handshake failed, or the certificate is not accepted. */
export class TlsFailure extends Error {}

/** A connection that has been greeted and is ready for MAIL. */
export interface ReadyExchange {
  readonly exchange: Exchange;
  readonly extensions: Extensions;
  /** What REQUIRETLS asks for was made sure of: a server that does not know it gets the message all the same. */
  readonly relaxesRequireTls?: boolean;
}
