import { type Connector, finishWith } from '../client/server-delivery.ts';
import type { ClientTransaction } from '../client/transaction.ts';
import type { Limits } from '../limits/limits.ts';
import { type MessageContext, ReplyError } from '../module.ts';
import type { Exchanger } from './exchangers.ts';
import { reachesMxLevel, reachesTlsLevel } from './levels.ts';
import type { RemoteConnection } from './remote-connection.ts';
import type { RemoteServers, Route } from './remote-servers.ts';

/** Connections of one message to one domain. */
export class DomainConnector implements Connector<RemoteConnection> {
  readonly #servers: RemoteServers;
  readonly #route: Route;
  readonly #limits: Limits | null;
  readonly #context: MessageContext;
  /** Gives the permit of the destination back; null before it was got. */
  #release: (() => void) | null = null;
  #exchanger: Exchanger | null = null;

  constructor(servers: RemoteServers, route: Route, limits: Limits | null, context: MessageContext) {
    this.#servers = servers;
    this.#route = route;
    this.#limits = limits;
    this.#context = context;
  }

  /** The server that was spoken to last; null before one has answered. */
  get exchanger(): Exchanger | null {
    return this.#exchanger;
  }

  async takeKept(): Promise<RemoteConnection | null> {
    await this.#permit();
    // What REQUIRETLS asks for is looked at anew.
    const kept = this.#context.requireTls ? null : await this.#servers.takeKept(this.#route);
    if (kept !== null) this.#exchanger = kept.exchanger;
    return kept;
  }

  async connect(): Promise<RemoteConnection> {
    await this.#permit();
    const connection = await this.#servers.connect(this.#route, this.#context.id);
    this.#exchanger = connection.exchanger;
    try {
      if (this.#context.requireTls) requireTls(connection);
      return connection;
    } catch (error) {
      connection.exchange.quit();
      throw error;
    }
  }

  release(connection: RemoteConnection, transaction: ClientTransaction): void {
    finishWith(connection, transaction, (done) => this.#servers.give(this.#route, done));
  }

  /** The message is over. */
  end(): void {
    this.#release?.();
    this.#release = null;
  }

  async #permit(): Promise<void> {
    this.#release ??= (await this.#limits?.takeDestination(this.#route.domain)) ?? null;
  }
}

/** RFC 8689 section 4.2.1: the way there must be known and private, or the message comes back. */
function requireTls({ levels, exchanger }: RemoteConnection): void {
  const fields = { remote_server: exchanger.shown };
  if (!reachesTlsLevel(levels.tls, 'authenticated')) {
    const text = 'TLS it not available or unauthenticated but required (REQUIRETLS)';
    throw new ReplyError({ code: 550, enhanced: '5.7.30', text }, fields);
  }
  if (!reachesMxLevel(levels.mx, 'mtasts')) {
    const text = 'Failed to establish the MX record authenticity (REQUIRETLS)';
    throw new ReplyError({ code: 550, enhanced: '5.7.30', text }, fields);
  }
}
