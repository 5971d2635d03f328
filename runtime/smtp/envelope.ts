import { after, isLater, type Pending } from '../../compiler/routing/later.ts';
import { settle } from '../eventually.ts';
import type { Eventually } from '../module.ts';
import { ReplyError } from '../module.ts';
import { asReplyError } from '../reply-error.ts';
import type { MailParameters, SessionBackend, Transaction } from './backend.ts';
import { clientEndpoint, type LiveClient } from './live-client.ts';
import type { SessionOptions } from './options.ts';
import { replies } from './replies.ts';

/** Sender, recipients and transaction of the session, from MAIL to the end of the data or to RSET. */
export class Envelope {
  readonly #options: SessionOptions;
  readonly #backend: SessionBackend;
  readonly #client: LiveClient;
  #mail: { readonly from: string; readonly parameters: MailParameters } | null = null;
  #transaction: Transaction | null = null;
  /** Of a transaction that an accepted MAIL has replaced, but that the backend still holds (D29). */
  #superseded: Transaction | null = null;
  /** A sender refused at its first RCPT stays refused for this MAIL (D4). */
  #senderRefusal: ReplyError | null = null;
  #mailWasTried = false;
  #recipients: string[] = [];
  #rcptErrors = 0;

  constructor(options: SessionOptions, backend: SessionBackend, client: LiveClient) {
    this.#options = options;
    this.#backend = backend;
    this.#client = client;
  }

  /** Whether a MAIL was accepted. */
  get isOpen(): boolean {
    return this.#mail !== null;
  }

  /** Whether a client has begun a message since the last reset, even if it was refused. */
  get mailWasTried(): boolean {
    return this.#mailWasTried;
  }

  /** Accepted recipients as received, in the order of RCPT. */
  get recipients(): readonly string[] {
    return this.#recipients;
  }

  get smtputf8(): boolean {
    return this.#mail?.parameters.smtputf8 ?? false;
  }

  get messageId(): string | null {
    return this.#transaction?.id ?? null;
  }

  noteMailTried(): void {
    this.#mailWasTried = true;
  }

  /** An accepted MAIL takes the place of an earlier one. Throws ReplyError. */
  open(from: string, parameters: MailParameters): Eventually<void> {
    this.#superseded ??= this.#transaction;
    this.#forgetMessage();
    this.#mailWasTried = true;
    this.#mail = { from, parameters };
    return this.#options.deferSenderReject ? undefined : this.#start(this.#mail);
  }

  /** Throws ReplyError. */
  addRecipient(to: string): Eventually<void> {
    if (this.#senderRefusal !== null) throw this.#senderRefusal;
    if (this.#transaction === null && this.#mail !== null) {
      return after(this.#start(this.#mail), () => this.#addTo(to));
    }
    return this.#addTo(to);
  }

  /** The transaction for the data; it is no longer the envelope's to abort. */
  takeTransaction(): Transaction {
    const transaction = this.#transaction;
    if (transaction === null) throw new Error('content has come without a transaction');
    this.#transaction = null;
    return transaction;
  }

  /** Gives up what is open. */
  reset(): Eventually<void> {
    this.#options.log.debug('reset');
    const transaction = this.#transaction;
    const superseded = this.#superseded;
    this.#superseded = null;
    this.#mailWasTried = false;
    this.#forgetMessage();
    if (transaction === null && superseded === null) return;
    return this.#abortAll([transaction, superseded].filter((open) => open !== null));
  }

  #forgetMessage(): void {
    this.#mail = null;
    this.#transaction = null;
    this.#senderRefusal = null;
    this.#recipients = [];
  }

  #start(mail: { readonly from: string; readonly parameters: MailParameters }): Eventually<void> {
    return settle(
      () => this.#backend.mail(this.#client, mail.from, mail.parameters),
      (transaction) => {
        this.#transaction = transaction;
        this.#options.observer.started();
        return this.#endSuperseded();
      },
      (error) => {
        const refusal = this.#senderRefused(error);
        return after(this.#endSuperseded(), () => {
          throw refusal;
        });
      },
    );
  }

  #senderRefused(error: unknown): ReplyError {
    const refusal = asReplyError(error);
    const { deferSenderReject, log, observer } = this.#options;
    // Time-outs of limits have no message and are no fault of the sender's: they are not logged (3.2).
    const isHighLoad = refusal.messageId === null && refusal.reply.enhanced === '4.4.5';
    if (isHighLoad) observer.deferredByLimit();
    else {
      observer.refused('MAIL', refusal.reply);
      const text = deferSenderReject ? 'MAIL FROM error (deferred)' : 'MAIL FROM error';
      log.error(text, error, refusal.messageId ? { msg_id: refusal.messageId } : {});
    }
    if (deferSenderReject) this.#senderRefusal = refusal;
    else this.#mail = null;
    return refusal;
  }

  #addTo(to: string): Eventually<void> {
    const transaction = this.#transaction;
    if (transaction === null) throw new ReplyError(replies.mailFirst);
    return settle(
      () => transaction.recipient(to),
      () => {
        this.#recipients.push(to);
        this.#options.log.message('RCPT ok', { msg_id: transaction.id, rcpt: to });
      },
      (error) => {
        const refusal = asReplyError(error);
        this.#options.observer.refused('RCPT', refusal.reply);
        this.#logRcptError(transaction, to, error);
        throw refusal;
      },
    );
  }

  #logRcptError(transaction: Transaction, to: string, error: unknown): void {
    const { log, maxLoggedRcptErrors } = this.#options;
    this.#rcptErrors++;
    if (this.#rcptErrors > maxLoggedRcptErrors) return;
    log.error('RCPT error', error, { msg_id: transaction.id, rcpt: to });
    if (this.#rcptErrors < maxLoggedRcptErrors) return;
    log.message('too many RCPT errors, possible dictonary attack', {
      msg_id: transaction.id,
      src_ip: clientEndpoint(this.#client),
    });
  }

  #endSuperseded(): Eventually<void> {
    const superseded = this.#superseded;
    this.#superseded = null;
    return superseded === null ? undefined : this.#abortAll([superseded]);
  }

  #abortAll(transactions: readonly Transaction[]): Eventually<void> {
    const pending: Pending<void>[] = [];
    for (const transaction of transactions) {
      const ended = transaction.abort();
      if (isLater(ended)) pending.push(ended);
      this.#options.observer.aborted();
      this.#options.log.message('aborted', { msg_id: transaction.id });
    }
    return pending.length === 0 ? undefined : Promise.all(pending).then(() => undefined);
  }
}
