import type { Delivery, MessageContext, ReplyError, Target } from '../module.ts';
import { addressText, type EndpointAddress } from '../net/endpoint-address.ts';
import { authenticationRequired, type HandshakeOptions, shakeHands } from './handshake.ts';
import { nameFailure } from './name-failure.ts';
import { OpenConnections } from './open-connections.ts';
import { ConnectionPool, type PooledConnection, type PoolLimits } from './pool.ts';
import { finishWith, ServerDelivery } from './server-delivery.ts';
import type { DialOptions } from './socket-exchange.ts';
import { type ClientTransaction, connectionFailure } from './transaction.ts';

export interface DownstreamOptions {
  /** Tried in order until one serves. */
  readonly addresses: readonly EndpointAddress[];
  readonly dial: DialOptions;
  readonly handshake: HandshakeOptions;
  readonly pool: PoolLimits;
  /** Told of each address that does not serve, when there are several. */
  readonly onConnectError?: (failure: ReplyError, messageId: string) => void;
}

/** A fixed server, or several of which one is enough, as a delivery target over SMTP or LMTP. */
export class Downstream implements Target {
  readonly #options: DownstreamOptions;
  readonly #pool: ConnectionPool;
  readonly #open: OpenConnections;

  constructor(options: DownstreamOptions) {
    this.#options = options;
    this.#pool = new ConnectionPool(options.pool, options.dial.now);
    this.#open = new OpenConnections(options.dial);
  }

  start(context: MessageContext, from: string): Delivery {
    const { auth, protocol } = this.#options.handshake;
    // Logins that differ from message to message need connections that do, too.
    const isShared = auth.mechanism !== 'forward';
    const connector = {
      takeKept: () => (isShared ? this.#pool.take() : null),
      connect: () => this.#connect(context),
      release: (connection: PooledConnection, transaction: ClientTransaction) =>
        finishWith(connection, transaction, (done) => (isShared ? this.#pool.give(done) : done.exchange.quit())),
    };
    return new ServerDelivery(connector, context, from, protocol === 'lmtp');
  }

  /** Ends connections that carry nothing; those at work are given up at the deadline (of `monotonicTime`). */
  async stop(deadline: number): Promise<void> {
    this.#pool.close();
    await this.#open.stop(deadline);
  }

  /** Connections that wait for a message, and those at work. */
  get connections(): { readonly idle: number; readonly busy: number } {
    const idle = this.#pool.idle;
    return { idle, busy: this.#open.count - idle };
  }

  /** Throws ReplyError. */
  async #connect({ auth: client, id }: MessageContext): Promise<PooledConnection> {
    const { addresses, handshake, onConnectError } = this.#options;
    if (handshake.auth.mechanism === 'forward' && client === null) throw authenticationRequired();
    let failure: ReplyError | null = null;
    for (const address of addresses) {
      try {
        return await this.#connectTo(address, client);
      } catch (error) {
        failure = nameFailure(error) ?? connectionFailure(error, addressText(address));
        if (addresses.length > 1) onConnectError?.(failure, id);
      }
    }
    throw failure ?? new Error('a target has no address');
  }

  async #connectTo(address: EndpointAddress, client: MessageContext['auth']): Promise<PooledConnection> {
    const exchange = await this.#open.dial(address);
    try {
      const { extensions } = await shakeHands(exchange, this.#options.handshake, client);
      return { exchange, extensions, messages: 0 };
    } catch (error) {
      exchange.quit();
      throw error;
    }
  }
}
