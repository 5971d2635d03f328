import type { PlanEndpoint } from '../../compiler/plan/plan.ts';
import type { Pipeline } from '../../compiler/routing/routes.ts';
import type { EndpointAddress } from '../net/endpoint-address.ts';
import type { ConnectionHandler, ListenerTable } from '../net/listener-table.ts';
import { TrustList } from '../net/trust-list.ts';
import type { Logger } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { sessionMetrics } from '../observe/session-metrics.ts';
import { PipelineBackend } from '../pipeline/backend.ts';
import { configOf } from '../plan-config.ts';
import { authOf, tableOf } from '../resolve.ts';
import { type Ending, SmtpService } from '../smtp/service.ts';
import type { Certificates } from '../tls/certificates.ts';
import { createServerTls, type TlsServerConfig } from '../tls/server-tls.ts';
import type { Endpoint, EndpointSurroundings } from './endpoint.ts';
import { isLocal } from './listen-address.ts';
import { Listening } from './listening.ts';
import { type EndpointConfig, type Protocol, sessionOptions } from './session-options.ts';

/** Sessions at a time: what a process with the usual number of file descriptors can serve. */
const mostConnections = 10_000;

/** `smtp`, `submission` or `lmtp`: addresses, sessions, and the pipeline behind them. */
export class MailEndpoint implements Endpoint {
  readonly name: Protocol;
  readonly shutdownTimeout: number;
  readonly #log: Logger;
  readonly #service: SmtpService;
  readonly #certificates: readonly Certificates[];
  readonly #tls: Certificates | null;
  readonly #listening: Listening;
  readonly #metrics: Metrics;
  #forgetSessions: (() => void) | null = null;

  /** Opens nothing yet. Throws when the configuration cannot be obeyed. */
  constructor(plan: PlanEndpoint, name: Protocol, pipeline: Pipeline, surroundings: EndpointSurroundings) {
    const { instances, stateDir, runtimeDir, memory, logFor } = surroundings;
    const config = configOf<EndpointConfig>(plan);
    this.name = name;
    this.#metrics = surroundings.metrics;
    this.shutdownTimeout = config.shutdown_timeout ?? 0;
    this.#log = logFor(name, config.debug);
    this.#listening = new Listening(plan.addresses, runtimeDir, { name, log: this.#log });
    const log = this.#log;
    const tlsOf = (tls: TlsServerConfig | undefined): Certificates | null =>
      createServerTls(tls, { plan: surroundings.plan, stateDir, log });
    this.#tls = tlsOf(config.tls);
    const proxyTls = tlsOf(config.proxy_protocol?.tls);
    this.#certificates = [this.#tls, proxyTls].filter((certificates) => certificates !== null);
    this.#warn(config);
    const session = sessionOptions(config, {
      protocol: name,
      hasTls: this.#tls !== null,
      stateDir,
      memory,
      log,
      observer: sessionMetrics(surroundings.metrics, name),
    });
    const backend = new PipelineBackend({
      protocol: name,
      pipeline,
      services: instances.servicesOf(session.hostname, config.debug),
      authentication: {
        providers: config.auth.map((use) => authOf(instances, use)),
        normalize: config.auth_map_normalize,
        map: config.auth_map === undefined ? null : tableOf(instances, config.auth_map),
      },
      limits: config.limits === undefined ? null : (instances.resolve(config.limits).limits ?? null),
      log,
      newMessageId: surroundings.newMessageId,
      reverseName: surroundings.reverseName,
    });
    const trust = config.proxy_protocol === undefined ? null : new TrustList(config.proxy_protocol.trust ?? []);
    this.#service = new SmtpService(
      {
        session,
        backend,
        startTls: handshakesOf(this.#tls),
        proxy: trust === null ? null : { trust, tls: handshakesOf(proxyTls) },
        readTimeout: config.read_timeout,
        writeTimeout: config.write_timeout,
      },
      { total: mostConnections, perAddress: 0 },
    );
  }

  #warn(config: EndpointConfig): void {
    const log = this.#log;
    const careful = 'this is insecure configuration and should be used only for testing!';
    if (!this.#listening.addresses.every(isLocal)) {
      if (config.insecure_auth) log.message(`authentication over unencrypted connections is allowed, ${careful}`);
      if (this.#tls === null) log.message(`TLS is disabled, ${careful}`);
    }
    if (config.io_debug) log.message('I/O debugging is on! It may leak passwords in logs, be careful!');
  }

  async open(listeners: ListenerTable): Promise<void> {
    await this.#listening.open(listeners, (address) => this.#handlerFor(address));
    for (const certificates of this.#certificates) certificates.watch();
  }

  serve(): void {
    this.#listening.serve();
    this.#forgetSessions ??= this.#metrics.gauge(
      'maddyc_open_sessions',
      { module: this.name },
      () => this.#service.size,
    );
  }

  #handlerFor(address: EndpointAddress): ConnectionHandler {
    const hasTls = address.kind === 'tcp' && address.tls;
    const implicitTls = hasTls ? handshakesOf(this.#tls) : null;
    if (hasTls && implicitTls === null) throw new Error("can't bind on SMTPS endpoint without TLS configuration");
    return (socket) => this.#service.accept(socket, implicitTls);
  }

  get ports(): ReadonlyMap<string, number> {
    return this.#listening.ports;
  }

  async release(): Promise<void> {
    for (const certificates of this.#certificates) certificates.unwatch();
    await this.#listening.release();
  }

  async end(ending: Ending): Promise<void> {
    await this.#service.end(ending);
    this.#forgetSessions?.();
  }
}

function handshakesOf(certificates: Certificates | null): (() => ReturnType<Certificates['current']>) | null {
  return certificates === null ? null : () => certificates.current();
}
