import { after } from '../../compiler/routing/later.ts';
import { settle } from '../eventually.ts';
import type { Delivery, Eventually, Message, MessageContext } from '../module.ts';
import { ReplyError } from '../module.ts';
import { combineFailures } from '../pipeline/combined-failure.ts';
import type { PooledConnection } from './pool.ts';
import { ConnectionLost } from './reply-queue.ts';
import { ClientTransaction, connectionFailure } from './transaction.ts';

/** Where the connections of a delivery come from, and where they go. */
export interface Connector<Connection extends PooledConnection> {
  /** A connection that has carried messages; null when there is none for this one. */
  takeKept(): Eventually<Connection | null>;
  /** A new connection. Throws ReplyError. */
  connect(): Promise<Connection>;
  /** The transaction is over, or is given up. */
  release(connection: Connection, transaction: ClientTransaction): void;
}

/** One message to one server. */
export class ServerDelivery<Connection extends PooledConnection> implements Delivery {
  readonly #connector: Connector<Connection>;
  readonly #context: MessageContext;
  readonly #from: string;
  readonly #perRecipient: boolean;
  /** Nobody could be reached: nor can anybody for the next recipient. */
  #unreached: ReplyError | null = null;
  #work: { readonly connection: Connection; readonly transaction: ClientTransaction } | null = null;

  /** `perRecipient`: the server answers the content once for each recipient (LMTP). */
  constructor(connector: Connector<Connection>, context: MessageContext, from: string, perRecipient: boolean) {
    this.#connector = connector;
    this.#context = context;
    this.#from = from;
    this.#perRecipient = perRecipient;
  }

  /** Recipients that the server has accepted. */
  get accepted(): readonly string[] {
    return this.#work?.transaction.accepted ?? [];
  }

  addRecipient(to: string): Eventually<void> {
    if (this.#work === null) return this.#open(to);
    const { connection, transaction } = this.#work;
    return settle(
      () => transaction.add(to),
      () => {},
      (error) => {
        throw connectionFailure(error, connection.exchange.server);
      },
    );
  }

  body(message: Message, perRecipient: ((to: string, error: ReplyError | null) => void) | null): Eventually<void> {
    const work = this.#work;
    if (work === null || work.transaction.accepted.length === 0) throw new Error('content without a recipient');
    const { connection, transaction } = work;
    return settle(
      () => transaction.content(message, this.#perRecipient),
      (results) => {
        this.#end();
        const fateOf = (at: number): ReplyError | null => results[this.#perRecipient ? at : 0] ?? null;
        const { accepted } = transaction;
        if (perRecipient === null) throwFailures(accepted.map((to, at) => ({ to, failure: fateOf(at) })));
        else for (const [at, to] of accepted.entries()) perRecipient(to, fateOf(at));
      },
      (error) => {
        this.#end();
        throw connectionFailure(error, connection.exchange.server);
      },
    );
  }

  /** The server has said its last word to the content. */
  commit(): void {}

  abort(): void {
    this.#end();
  }

  /** MAIL and the first RCPT; a refused MAIL is tried again with the next recipient. */
  #open(to: string): Eventually<void> {
    return after(this.#connector.takeKept(), (kept) => (kept === null ? this.#openAnew(to) : this.#openOver(kept, to)));
  }

  async #openAnew(to: string): Promise<void> {
    await this.#openOver(await this.#connect(), to);
  }

  async #connect(): Promise<Connection> {
    if (this.#unreached !== null) throw this.#unreached;
    try {
      return await this.#connector.connect();
    } catch (error) {
      if (error instanceof ReplyError) this.#unreached = error;
      throw error;
    }
  }

  /** A kept connection that has turned out to be dead is replaced by a new one: nothing was lost with it. */
  #openOver(connection: Connection, to: string): Eventually<void> {
    const transaction = new ClientTransaction(connection, this.#context, this.#from);
    const isKept = connection.messages > 0;
    this.#work = { connection, transaction };
    return settle(
      () => transaction.open(to, isKept),
      () => {},
      (error) => {
        const isDead = error instanceof ConnectionLost || (error instanceof ReplyError && error.reply.code === 421);
        const isUseless = isKept && isDead;
        if (isUseless || !transaction.mailAccepted) this.#end();
        if (isUseless) return this.#openAnew(to);
        throw connectionFailure(error, connection.exchange.server);
      },
    );
  }

  #end(): void {
    const work = this.#work;
    this.#work = null;
    if (work !== null) this.#connector.release(work.connection, work.transaction);
  }
}

/** Counts the message, and keeps the connection once the server holds nothing of it any more. */
export function finishWith<Connection extends PooledConnection>(
  connection: Connection,
  transaction: ClientTransaction,
  keep: (connection: Connection) => void,
): void {
  connection.messages++;
  const { exchange } = connection;
  if (!transaction.needsReset) keep(connection);
  else
    exchange.ask('RSET').then(
      () => keep(connection),
      () => exchange.destroy(),
    );
}

function throwFailures(fates: readonly { readonly to: string; readonly failure: ReplyError | null }[]): void {
  const failed = fates.flatMap(({ to, failure }) => (failure === null ? [] : [{ to, failure }]));
  const [first, ...others] = failed;
  if (first !== undefined) throw combineFailures([first, ...others], fates.length);
}
