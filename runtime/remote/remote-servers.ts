import { isIPv4 } from 'node:net';
import type { ReadyExchange } from '../client/exchange.ts';
import { TlsFailure } from '../client/exchange.ts';
import { type HandshakeOptions, shakeHands } from '../client/handshake.ts';
import { OpenConnections } from '../client/open-connections.ts';
import type { PoolLimits } from '../client/pool.ts';
import { Refusal } from '../client/reply-parser.ts';
import type { DialOptions, SocketExchange } from '../client/socket-exchange.ts';
import { connectionFailure } from '../client/transaction.ts';
import type { Resolver } from '../dns/resolver.ts';
import { ReplyError } from '../module.ts';
import type { Logger } from '../observe/log.ts';
import { Assessment } from './assessment.ts';
import { DomainPools } from './domain-pools.ts';
import { type Exchanger, findExchangers, isNullMx } from './exchangers.ts';
import type { Levels, MxPolicy } from './policy.ts';
import { addressesOf, type Family, firstReached } from './reach.ts';
import type { RemoteConnection } from './remote-connection.ts';
import type { TlsFinding, TlsSession } from './tls-results.ts';

export interface RemoteServersOptions {
  readonly resolver: Resolver;
  readonly policies: readonly MxPolicy[];
  /** 25 everywhere but in tests. */
  readonly port: number;
  readonly family: Family;
  readonly dial: DialOptions;
  /** Name for EHLO, in A-labels. */
  readonly hostname: string;
  readonly pool: PoolLimits;
  readonly relaxesRequireTls: boolean;
  readonly log: Logger;
  /** Told of each new connection that may carry mail. */
  readonly onConnected: (levels: Levels) => void;
  /** Told what TLS came to with each server that was to get mail. */
  readonly onTlsFinding: (finding: TlsFinding) => void;
  /** 0 to 1. */
  readonly chance: () => number;
}

/** A domain, and whether the operator's policies are applied on the way there. */
export interface Route {
  /** A-labels, lower case. */
  readonly domain: string;
  readonly underPolicies: boolean;
}

/** Connections to the servers of the world. */
export class RemoteServers {
  readonly #options: RemoteServersOptions;
  readonly #open: OpenConnections;
  readonly #pools: DomainPools;

  constructor(options: RemoteServersOptions) {
    this.#options = options;
    // A certificate that is not valid still keeps listeners out: what it is worth is the policies' decision.
    this.#open = new OpenConnections({ ...options.dial, tls: { ...options.dial.tls, rejectUnauthorized: false } });
    this.#pools = new DomainPools(options.pool, options.dial.now);
  }

  get connections(): { readonly idle: number; readonly busy: number } {
    const idle = this.#pools.idle;
    return { idle, busy: this.#open.count - idle };
  }

  /** A connection that has carried messages; it meets the policies as they are now (D11). */
  async takeKept(route: Route): Promise<RemoteConnection | null> {
    const kept = this.#pools.take(poolKey(route));
    if (kept === null) return null;
    const { exchange, exchanger } = kept;
    try {
      const assessment = this.#assessment(route);
      const levels = await assessment.connection(exchanger, exchange.security, await assessment.exchanger(exchanger));
      this.#options.log.debug('reusing cached connection', { domain: route.domain, remote_server: exchanger.shown });
      return { ...kept, levels };
    } catch {
      // What is wrong with it is told when a new connection meets the same refusal.
      exchange.quit();
      return null;
    }
  }

  give(route: Route, connection: RemoteConnection): void {
    this.#pools.give(poolKey(route), connection);
  }

  /** A new connection to the first server of the domain that will do. Throws ReplyError. */
  async connect(route: Route, messageId: string): Promise<RemoteConnection> {
    const { resolver, chance, log, onConnected } = this.#options;
    const { domain } = route;
    // Before the MX records are asked for, so that what policies need is looked up meanwhile.
    const assessment = this.#assessment(route);
    let last: ReplyError | null = null;
    for (const exchanger of await findExchangers(resolver, domain, chance)) {
      if (isNullMx(exchanger)) {
        throw new ReplyError(
          { code: 556, enhanced: '5.1.10', text: 'Domain does not accept email (null MX)' },
          { domain },
        );
      }
      try {
        const connection = await this.#connectTo(exchanger, assessment, messageId);
        onConnected(connection.levels);
        return connection;
      } catch (error) {
        last = connectionFailure(error, exchanger.shown);
        log.error('cannot use MX', last, { domain, msg_id: messageId, remote_server: exchanger.shown });
      }
    }
    throw noUsableExchanger(last, domain);
  }

  async stop(deadline: number): Promise<void> {
    this.#pools.close();
    await this.#open.stop(deadline);
  }

  #assessment({ domain, underPolicies }: Route): Assessment {
    return new Assessment(underPolicies ? this.#options.policies : [], domain);
  }

  async #connectTo(exchanger: Exchanger, assessment: Assessment, messageId: string): Promise<RemoteConnection> {
    const mx = await assessment.exchanger(exchanger).catch((error) => {
      void this.#tellFindings(assessment, exchanger, null);
      throw error;
    });
    const { exchange, extensions, handshakeFailed } = await this.#greet(exchanger, messageId);
    // Before the connection may be given up for what is found. What is looked up for it, the policies look up as well.
    void this.#tellFindings(assessment, exchanger, { security: exchange.security, handshakeFailed });
    try {
      const levels = await assessment.connection(exchanger, exchange.security, mx);
      const { relaxesRequireTls } = this.#options;
      return { exchange, extensions, messages: 0, exchanger, levels, relaxesRequireTls };
    } catch (error) {
      exchange.quit();
      throw error;
    }
  }

  async #tellFindings(assessment: Assessment, exchanger: Exchanger, session: TlsSession | null): Promise<void> {
    for (const finding of await assessment.tlsFindings(exchanger, session)) this.#options.onTlsFinding(finding);
  }

  /** With TLS where it is offered; without, where it is offered and does not work (RFC 7435). */
  async #greet(
    exchanger: Exchanger,
    messageId: string,
  ): Promise<ReadyExchange & { readonly exchange: SocketExchange; readonly handshakeFailed: boolean }> {
    try {
      return { ...(await this.#shakeHands(exchanger, 'offered')), handshakeFailed: false };
    } catch (error) {
      if (!(error instanceof TlsFailure)) throw error;
      this.#options.log.error('TLS error, trying plaintext', error, {
        msg_id: messageId,
        remote_server: exchanger.shown,
      });
      return { ...(await this.#shakeHands(exchanger, 'never')), handshakeFailed: true };
    }
  }

  async #shakeHands(exchanger: Exchanger, startTls: HandshakeOptions['startTls']) {
    const { hostname } = this.#options;
    const exchange = await this.#reach(exchanger);
    try {
      const handshake: HandshakeOptions = { protocol: 'smtp', hostname, startTls, auth: { mechanism: 'off' } };
      const { extensions } = await shakeHands(exchange, handshake, null);
      return { exchange, extensions };
    } catch (error) {
      exchange.quit();
      throw error;
    }
  }

  async #reach({ name }: Exchanger): Promise<SocketExchange> {
    const { resolver, family, port } = this.#options;
    const addresses = await addressesOf(resolver, name, family);
    return firstReached(
      addresses,
      (address) => {
        // The name stays with the connection: TLS needs it.
        const found = [{ address, family: isIPv4(address) ? 4 : 6 }];
        return this.#open.dial(
          { kind: 'tcp', host: name, port, tls: false },
          { lookup: (_name, { all }, done) => (all ? done(null, found) : done(null, address, found[0]?.family)) },
        );
      },
      (late) => late.quit(),
    );
  }
}

function poolKey({ domain, underPolicies }: Route): string {
  return `${domain} ${underPolicies ? 'under policies' : 'without policies'}`;
}

/** The last server's failure decides (runtime-mta 5.4). */
function noUsableExchanger(last: ReplyError | null, domain: string): ReplyError {
  if (last === null) return new ReplyError({ code: 451, enhanced: '4.4.4', text: 'MX lookup error' }, { domain });
  const isTemporary = last.reply.code < 500;
  return new ReplyError(
    {
      code: isTemporary ? 451 : 550,
      enhanced: isTemporary ? '4.4.0' : '5.4.0',
      text: `No usable MXs, last err: ${inWords(last)}`,
    },
    { ...last.fields, domain },
    { cause: last },
  );
}

function inWords(error: ReplyError): string {
  if (error instanceof Refusal) return `SMTP error ${error.reply.code}: ${error.reply.text}`;
  const { reason } = error.fields;
  return typeof reason === 'string' ? reason : error.reply.text;
}
