import type {
  AuthVerdict,
  Encryption,
  Eventually,
  Login,
  Message,
  MessageBody,
  MessageHeader,
  Reply,
  ReplyError,
} from '../module.ts';

/**
 * What a protocol session asks of the server behind it. The session knows SMTP and LMTP (verbs, syntax, order, replies,
 * framing, limits of size and count, deferred sender refusals, header fixes of submission) and logs what it answers:
 * `MAIL FROM error[ (deferred)]`, `RCPT ok`, `RCPT error`, `DATA error`, `accepted`, `aborted`, `authentication failed`.
 * The backend knows authentication, policy and delivery, makes message ids and logs `incoming message`.
 * Answers that are at hand come back at once.
 */
export interface SessionBackend {
  /** EHLO, HELO or LHLO. A reply refuses the greeting and leaves the client un-greeted. */
  hello(client: SessionClient): Eventually<Reply | null>;
  authenticate(client: SessionClient, mechanism: string, credentials: Credentials): Promise<AuthOutcome>;
  /**
   * Starts a transaction; a refusal of MAIL is thrown as ReplyError with its `messageId`. With `defer_sender_reject`
   * the session calls this at the first RCPT. Another transaction of the same client may still be open: it is aborted
   * when this call is done (D29).
   */
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
  readonly encryption?: Encryption | null;
  /** EHLO name as sent; empty before the greeting. */
  readonly helo: string;
  readonly auth: Login | null;
}

export interface Credentials {
  /** Empty or the same as `user`: the session has refused anything else. */
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
   * The whole content has arrived, within the limits and with the fixes of `submission`; header and body are as
   * received (D23: give modifiers and targets `body.repaired` where it is there) and the body is gone when the answer
   * is. LMTP: one entry per accepted recipient, in the order of RCPT; SMTP: one entry. Null entries mean accepted.
   * A thrown ReplyError is the answer for all. The transaction is over, whatever the answer.
   */
  data(header: MessageHeader, body: MessageBody): Eventually<readonly (ReplyError | null)[]>;
  /** RSET, content that cannot be handed on, the end of the connection; never after `data`. Must not throw. */
  abort(): Eventually<void>;
}

export type { Message };
