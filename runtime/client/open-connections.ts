import { monotonicTime } from '../monotonic-time.ts';
import type { EndpointAddress } from '../net/endpoint-address.ts';
import { OutputTurn } from '../net/output-turn.ts';
import { type DialOptions, dial, type SocketExchange } from './socket-exchange.ts';

const longestSweep = 1000;
const shortestSweep = 20;

/** The connections of one target, with one timer for all: each command would need one otherwise. */
export class OpenConnections {
  readonly #options: DialOptions;
  readonly #open = new Set<SocketExchange>();
  readonly #turn = new OutputTurn(() => this.#open.size);
  #sweep: NodeJS.Timeout | null = null;

  constructor(options: DialOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#open.size;
  }

  /** A new connection, which counts until it is lost. Fails with ConnectionLost or TlsFailure. */
  async dial(address: EndpointAddress, more: Partial<DialOptions> = {}): Promise<SocketExchange> {
    const exchange = await dial(address, { ...this.#options, ...more }, this.#turn);
    this.#watch(exchange);
    return exchange;
  }

  /** Waits until all have ended; those at work are given up at the deadline (of `monotonicTime`). */
  async stop(deadline: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const step = setInterval(() => {
      if (monotonicTime() >= deadline) for (const exchange of this.#open) exchange.destroy();
      if (this.#open.size === 0) resolve();
    }, 20);
    if (this.#open.size > 0) await promise;
    clearInterval(step);
  }

  #watch(exchange: SocketExchange): void {
    this.#open.add(exchange);
    exchange.onLost(() => {
      this.#open.delete(exchange);
      if (this.#open.size > 0 || this.#sweep === null) return;
      clearInterval(this.#sweep);
      this.#sweep = null;
    });
    const { commandTimeout, submissionTimeout, now } = this.#options;
    const step = Math.min(longestSweep, Math.max(shortestSweep, Math.min(commandTimeout, submissionTimeout) / 4));
    this.#sweep ??= setInterval(() => {
      for (const open of this.#open) open.checkTime(now());
    }, step).unref();
  }
}
