import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { PlanEndpoint } from '../../compiler/plan/plan.ts';
import type { ListenerTable } from '../net/listener-table.ts';
import type { Logger } from '../observe/log.ts';
import type { MetricsSource } from '../observe/metrics-source.ts';
import { reasonOf } from '../reason-of.ts';
import type { Endpoint, EndpointSurroundings } from './endpoint.ts';
import { Listening } from './listening.ts';

/** A collector asks and is answered at once; who does not ask need not stay. */
const idleTimeout = 30_000;
const mostConnections = 100;

/** `openmetrics`: figures for Prometheus at `/metrics`. */
export class MetricsEndpoint implements Endpoint {
  readonly name = 'openmetrics';
  readonly shutdownTimeout = 0;
  readonly #log: Logger;
  readonly #listening: Listening;
  readonly #source: MetricsSource;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  /** Opens nothing yet. Throws when an address cannot be one. */
  constructor(plan: PlanEndpoint, { runtimeDir, logFor, metricsSource }: EndpointSurroundings) {
    this.#log = logFor(this.name, plan.config.debug === true);
    this.#listening = new Listening(plan.addresses, runtimeDir, { name: this.name, log: this.#log });
    this.#source = metricsSource;
  }

  async open(listeners: ListenerTable): Promise<void> {
    // Loaded only where somebody wants figures: HTTP and the collectors of the platform cost 15 MB.
    const { createServer } = await import('node:http');
    const { contentType } = await this.#source.prepare();
    this.#server = createServer(this.#answering(contentType));
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

  async end(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    if (this.#sockets.size >= mostConnections) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(idleTimeout, () => socket.destroy());
    this.#server?.emit('connection', socket);
  }

  #answering(contentType: string): RequestListener {
    return (request, response) => {
      const plain = { 'Content-Type': 'text/plain; charset=utf-8' };
      if (request.url?.split('?')[0] !== '/metrics') {
        response.writeHead(404, plain).end('404 page not found\n');
        return;
      }
      this.#source.expose().then(
        (text) => response.writeHead(200, { 'Content-Type': contentType }).end(text),
        (error: unknown) => {
          this.#log.message('metrics cannot be collected', { reason: reasonOf(error) });
          response.writeHead(500, plain).end('the metrics cannot be collected\n');
        },
      );
    };
  }
}
