import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ConfigOf } from '../../compiler/catalog/config-of.ts';
import type { dovecotSasld } from '../../compiler/catalog/modules/dovecot_sasld.ts';
import type { PlanEndpoint } from '../../compiler/plan/plan.ts';
import { monotonicTime } from '../monotonic-time.ts';
import type { ListenerTable } from '../net/listener-table.ts';
import type { Logger } from '../observe/log.ts';
import { type AuthenticationOptions, authenticate, type LoginOrigin } from '../pipeline/authenticate.ts';
import { configOf } from '../plan-config.ts';
import { authOf, tableOf } from '../resolve.ts';
import { DovecotAuthServer, type LoginAnswer } from '../sasl/dovecot-server.ts';
import type { MechanismName } from '../sasl/exchange.ts';
import { clientEndpoint } from '../smtp/live-client.ts';
import type { Ending } from '../smtp/service.ts';
import type { Endpoint, EndpointSurroundings } from './endpoint.ts';
import { Listening } from './listening.ts';

/** Mail servers keep one connection for each of their sessions. */
const mostConnections = 10_000;
/** A client says who it is at once. */
const handshakeTimeout = 30_000;
const endingStep = 50;

interface Client {
  readonly socket: Socket;
  readonly protocol: DovecotAuthServer;
}

/** `dovecot_sasld`: other programs, Postfix for one, ask here whether a password is right. */
export class SaslEndpoint implements Endpoint {
  readonly name = 'dovecot_sasld';
  /** A client that is thrown out between two requests connects again. */
  readonly shutdownTimeout = 0;
  readonly #log: Logger;
  readonly #listening: Listening;
  readonly #mechanisms: readonly MechanismName[];
  readonly #authentication: AuthenticationOptions;
  readonly #clients = new Set<Client>();
  #lastConnection = 0;

  /** Opens nothing yet. Throws when the configuration cannot be obeyed. */
  constructor(plan: PlanEndpoint, { instances, runtimeDir, logFor }: EndpointSurroundings) {
    const config = configOf<ConfigOf<typeof dovecotSasld>>(plan);
    this.#log = logFor(this.name, false);
    this.#listening = new Listening(plan.addresses, runtimeDir, { name: this.name, log: this.#log });
    const mechanisms = config.sasl_login ? (['PLAIN', 'LOGIN'] as const) : (['PLAIN'] as const);
    this.#mechanisms = config.auth.length === 0 ? [] : mechanisms;
    this.#authentication = {
      providers: config.auth.map((use) => authOf(instances, use)),
      normalize: config.auth_map_normalize,
      map: config.auth_map === undefined ? null : tableOf(instances, config.auth_map),
    };
  }

  async open(listeners: ListenerTable): Promise<void> {
    await this.#listening.open(listeners, () => (socket) => this.#accept(socket));
  }

  serve(): void {
    this.#listening.serve();
  }

  get ports(): ReadonlyMap<string, number> {
    return this.#listening.ports;
  }

  release(): Promise<void> {
    return this.#listening.release();
  }

  async end({ allAfter }: Ending): Promise<void> {
    const deadline = monotonicTime() + allAfter;
    while (this.#clients.size > 0) {
      const isLate = monotonicTime() >= deadline;
      for (const { socket, protocol } of this.#clients) if (isLate || protocol.isIdle) socket.destroy();
      await new Promise((resolve) => setTimeout(resolve, endingStep));
    }
  }

  #accept(socket: Socket): void {
    if (this.#clients.size >= mostConnections) {
      socket.destroy();
      return;
    }
    socket.on('error', () => socket.destroy());
    const protocol = new DovecotAuthServer({
      mechanisms: this.#mechanisms,
      processId: process.pid,
      connectionId: ++this.#lastConnection,
      cookie: randomBytes(16).toString('hex'),
      write: (text) => void socket.write(text),
      logIn: (mechanism, credentials, origin) => this.#logIn(mechanism, credentials, origin),
      refused: (user, reason, origin) => this.#logFailure(user, reason, origin),
    });
    const client = { socket, protocol };
    this.#clients.add(client);
    const timer = setTimeout(() => {
      if (!protocol.isReady) socket.destroy();
    }, handshakeTimeout).unref();
    socket.setEncoding('utf8').on('data', (text: string) => this.#receive(client, text));
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(timer);
      this.#clients.delete(client);
    });
  }

  #receive({ socket, protocol }: Client, text: string): void {
    try {
      protocol.receive(text);
    } catch (error) {
      this.#log.error('protocol error', error);
      socket.destroy();
    }
  }

  async #logIn(
    mechanism: MechanismName,
    credentials: { readonly user: string; readonly password: string },
    origin: LoginOrigin,
  ): Promise<LoginAnswer> {
    const { verdict, account } = await authenticate(this.#authentication, origin, mechanism, credentials);
    if (verdict.kind === 'accepted') return { kind: 'accepted', account };
    this.#logFailure(credentials.user, verdict.reason, origin);
    return { kind: verdict.kind };
  }

  #logFailure(username: string, reason: string, origin: LoginOrigin): void {
    const source = clientEndpoint(origin);
    const fields = { reason, username, ...(source === null ? {} : { src_ip: source }) };
    this.#log.child('sasl').message('authentication failed', fields);
  }
}
