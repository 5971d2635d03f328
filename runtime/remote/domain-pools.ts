import { ConnectionPool, type PoolLimits } from '../client/pool.ts';
import type { RemoteConnection } from './remote-connection.ts';

/** Domains that have connections waiting for a message. */
const mostDomains = 5000;

/** Connections between messages, by the domain that they lead to and what was asked of them. */
export class DomainPools {
  readonly #limits: PoolLimits;
  readonly #now: () => number;
  readonly #pools = new Map<string, ConnectionPool<RemoteConnection>>();
  #closed = false;

  constructor(limits: PoolLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  get idle(): number {
    let idle = 0;
    for (const pool of this.#pools.values()) idle += pool.idle;
    return idle;
  }

  take(key: string): RemoteConnection | null {
    return this.#pools.get(key)?.take() ?? null;
  }

  give(key: string, connection: RemoteConnection): void {
    if (this.#closed) {
      connection.exchange.quit();
      return;
    }
    const pool = this.#pools.get(key) ?? new ConnectionPool<RemoteConnection>(this.#limits, this.#now);
    pool.give(connection);
    this.#pools.delete(key);
    this.#pools.set(key, pool);
    if (this.#pools.size > mostDomains) this.#forgetSome();
  }

  close(): void {
    this.#closed = true;
    for (const pool of this.#pools.values()) pool.close();
    this.#pools.clear();
  }

  /** Those without connections; when all have one, the one that was used longest ago. */
  #forgetSome(): void {
    for (const [key, pool] of this.#pools) if (pool.idle === 0) this.#pools.delete(key);
    for (const [key, pool] of this.#pools) {
      if (this.#pools.size <= mostDomains) return;
      pool.close();
      this.#pools.delete(key);
    }
  }
}
