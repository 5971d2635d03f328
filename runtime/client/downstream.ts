import type { Delivery, Message, MessageContext, Target } from '../module.ts';
import { ReplyError } from '../module.ts';
import { addressText, type EndpointAddress } from '../net/endpoint-address.ts';
import { combineFailures } from '../pipeline/combined-failure.ts';
import { authenticationRequired, type HandshakeOptions, shakeHands } from './handshake.ts';
import { ConnectionPool, type PooledConnection, type PoolLimits } from './pool.ts';
import { ConnectionLost } from './reply-queue.ts';
import { type DialOptions, dial, type SocketExchange } from './socket-exchange.ts';
import { ClientTransaction, connectionFailure } from './transaction.ts';

export interface DownstreamOptions {
  /** Tried in order until one serves. */
  readonly addresses: readonly EndpointAddress[];
  readonly dial: DialOptions;
  readonly handshake: HandshakeOptions;
  readonly pool: PoolLimits;
}

const longestSweep = 1000;
const shortestSweep = 20;

/** A fixed server, or several of which one is enough, as a delivery target over SMTP or LMTP. */
export class Downstream implements Target {
  readonly #options: DownstreamOptions;
  readonly #pool: ConnectionPool;
  readonly #open = new Set<SocketExchange>();
  #sweep: NodeJS.Timeout | null = null;

  constructor(options: DownstreamOptions) {
    this.#options = options;
    this.#pool = new ConnectionPool(options.pool, options.dial.now);
  }

  start(context: MessageContext, from: string): Delivery {
    return new DownstreamDelivery(this, context, from, this.#options.handshake.protocol === 'lmtp');
  }

  /** Ends connections that carry nothing; those at work are given up at the deadline (Unix ms). */
  async stop(deadline: number): Promise<void> {
    this.#pool.close();
    const { promise, resolve } = Promise.withResolvers<void>();
    const step = setInterval(() => {
      if (this.#options.dial.now() >= deadline) for (const exchange of this.#open) exchange.destroy();
      if (this.#open.size === 0) resolve();
    }, 20);
    if (this.#open.size > 0) await promise;
    clearInterval(step);
  }

  /** Connections that wait for a message, and those at work. */
  get connections(): { readonly idle: number; readonly busy: number } {
    const idle = this.#pool.idle;
    return { idle, busy: this.#open.size - idle };
  }

  /** A kept connection; null when there is none, or when logins differ from message to message. */
  takeKept(): PooledConnection | null {
    return this.#isShared ? this.#pool.take() : null;
  }

  /** A new connection. Throws ReplyError. */
  async connect(client: MessageContext['auth']): Promise<PooledConnection> {
    const { addresses, handshake } = this.#options;
    if (handshake.auth.mechanism === 'forward' && client === null) throw authenticationRequired();
    let failure: ReplyError | null = null;
    for (const address of addresses) {
      try {
        return await this.#connectTo(address, client);
      } catch (error) {
        failure = connectionFailure(error, addressText(address));
      }
    }
    throw failure ?? new Error('a target has no address');
  }

  /** The transaction is over, or is given up. */
  release(connection: PooledConnection, transaction: ClientTransaction): void {
    connection.messages++;
    const { exchange } = connection;
    const done = (): void => (this.#isShared ? this.#pool.give(connection) : exchange.quit());
    if (!transaction.needsReset) done();
    else exchange.ask('RSET').then(done, () => exchange.destroy());
  }

  /** One timer for all connections: each command would need one otherwise. */
  #watch(exchange: SocketExchange): void {
    this.#open.add(exchange);
    exchange.onLost(() => {
      this.#open.delete(exchange);
      if (this.#open.size > 0 || this.#sweep === null) return;
      clearInterval(this.#sweep);
      this.#sweep = null;
    });
    const { commandTimeout, submissionTimeout, now } = this.#options.dial;
    const step = Math.min(longestSweep, Math.max(shortestSweep, Math.min(commandTimeout, submissionTimeout) / 4));
    this.#sweep ??= setInterval(() => {
      for (const open of this.#open) open.checkTime(now());
    }, step).unref();
  }

  get #isShared(): boolean {
    return this.#options.handshake.auth.mechanism !== 'forward';
  }

  async #connectTo(address: EndpointAddress, client: MessageContext['auth']): Promise<PooledConnection> {
    const exchange = await dial(address, this.#options.dial);
    this.#watch(exchange);
    try {
      const { extensions } = await shakeHands(exchange, this.#options.handshake, client);
      return { exchange, extensions, messages: 0 };
    } catch (error) {
      exchange.quit();
      throw error;
    }
  }
}

/** One message to the server. */
class DownstreamDelivery implements Delivery {
  readonly #downstream: Downstream;
  readonly #context: MessageContext;
  readonly #from: string;
  readonly #perRecipient: boolean;
  /** Nobody could be reached: nor can anybody for the next recipient. */
  #unreached: ReplyError | null = null;
  #work: { readonly connection: PooledConnection; readonly transaction: ClientTransaction } | null = null;

  constructor(downstream: Downstream, context: MessageContext, from: string, perRecipient: boolean) {
    this.#downstream = downstream;
    this.#context = context;
    this.#from = from;
    this.#perRecipient = perRecipient;
  }

  addRecipient(to: string): Promise<void> {
    if (this.#work === null) return this.#open(to);
    const { connection, transaction } = this.#work;
    return transaction.add(to).catch((error) => {
      throw connectionFailure(error, connection.exchange.server);
    });
  }

  async body(message: Message, perRecipient: ((to: string, error: ReplyError | null) => void) | null): Promise<void> {
    const work = this.#work;
    if (work === null || work.transaction.accepted.length === 0) throw new Error('content without a recipient');
    const { connection, transaction } = work;
    try {
      const results = await transaction.content(message, this.#perRecipient);
      const fates = transaction.accepted.map((to, at) => ({
        to,
        failure: results[this.#perRecipient ? at : 0] ?? null,
      }));
      if (perRecipient === null) throwFailures(fates);
      else for (const { to, failure } of fates) perRecipient(to, failure);
    } catch (error) {
      throw connectionFailure(error, connection.exchange.server);
    } finally {
      this.#end();
    }
  }

  /** The server has said its last word to the content. */
  async commit(): Promise<void> {}

  async abort(): Promise<void> {
    this.#end();
  }

  /** MAIL and the first RCPT; a refused MAIL is tried again with the next recipient. */
  async #open(to: string): Promise<void> {
    const kept = this.#downstream.takeKept();
    if (kept !== null && (await this.#openOver(kept, to))) return;
    await this.#openOver(await this.#connect(), to);
  }

  async #connect(): Promise<PooledConnection> {
    if (this.#unreached !== null) throw this.#unreached;
    try {
      return await this.#downstream.connect(this.#context.auth);
    } catch (error) {
      if (error instanceof ReplyError) this.#unreached = error;
      throw error;
    }
  }

  /** False when a kept connection has turned out to be dead: nothing was lost with it. */
  async #openOver(connection: PooledConnection, to: string): Promise<boolean> {
    const transaction = new ClientTransaction(connection, this.#context, this.#from);
    const isKept = connection.messages > 0;
    this.#work = { connection, transaction };
    try {
      await transaction.open(to, isKept);
      return true;
    } catch (error) {
      const isDead = error instanceof ConnectionLost || (error instanceof ReplyError && error.reply.code === 421);
      const isUseless = isKept && isDead;
      if (isUseless || !transaction.mailAccepted) this.#end();
      if (isUseless) return false;
      throw connectionFailure(error, connection.exchange.server);
    }
  }

  #end(): void {
    const work = this.#work;
    this.#work = null;
    if (work !== null) this.#downstream.release(work.connection, work.transaction);
  }
}

function throwFailures(fates: readonly { readonly to: string; readonly failure: ReplyError | null }[]): void {
  const failed = fates.flatMap(({ to, failure }) => (failure === null ? [] : [{ to, failure }]));
  const [first, ...others] = failed;
  if (first !== undefined) throw combineFailures([first, ...others], fates.length);
}
