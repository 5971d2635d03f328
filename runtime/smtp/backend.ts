import type { AuthVerdict, Eventually, Message, MessageBody, MessageHeader, Reply } from '../module.ts';

/**
 * What a protocol session asks of the server behind it. The session knows SMTP and LMTP (verbs, syntax, order, replies,
 * framing); the backend knows authentication, policy and delivery. Answers that are at hand come back at once.
 */
export interface SessionBackend {
  /** EHLO, HELO or LHLO. A reply refuses the greeting and leaves the client un-greeted. */
  hello(client: SessionClient): Eventually<Reply | null>;
  authenticate(client: SessionClient, mechanism: string, credentials: Credentials): Promise<AuthOutcome>;
  /** Starts a transaction; a refusal of MAIL is thrown as ReplyError. */
  mail(client: SessionClient, from: string, parameters: MailParameters): Eventually<Transaction>;
  /** The connection ended, in whatever way. */
  closed(client: SessionClient): void;
}

export interface SessionClient {
  /** Un-mapped IP address of the client; null on unix sockets. After PROXY: the address of its header. */
  readonly address: string | null;
  readonly port: number | null;
  readonly localAddress: string | null;
  readonly localPort: number | null;
  readonly tls: boolean;
  /** EHLO name as sent; empty before the greeting. */
  readonly helo: string;
  readonly auth: { readonly user: string; readonly password: string } | null;
}

export interface Credentials {
  readonly authorization: string;
  readonly user: string;
  readonly password: string;
}

export type AuthOutcome = { readonly verdict: AuthVerdict; readonly identity: string };

export interface MailParameters {
  readonly size: number | null;
  readonly body: '7BIT' | '8BITMIME' | null;
  readonly smtputf8: boolean;
  readonly requireTls: boolean;
}

export interface Transaction {
  /** Message id, for the suffix of replies; null until one exists. */
  readonly id: string | null;
  /** Refusals are thrown as ReplyError. */
  recipient(to: string): Eventually<void>;
  /**
   * The whole content has arrived. LMTP: one reply per accepted recipient, in the order of RCPT; SMTP: one reply.
   * Null entries mean accepted.
   */
  data(header: MessageHeader, body: MessageBody): Promise<readonly (Reply | null)[]>;
  /** Content that cannot be handed on (too large, broken): what the client gets, with the transaction given up. */
  abort(): Eventually<void>;
}

export type { Message };
