import type { ReadyExchange } from './exchange.ts';
import type { SocketExchange } from './socket-exchange.ts';

export interface PoolLimits {
  /** Connections kept while nobody needs them. */
  readonly maxIdle: number;
  /** Milliseconds that one is kept unused. */
  readonly maxIdleTime: number;
  /** Messages over one connection. */
  readonly maxMessages: number;
  /**
   * Connections are kept only while messages come densely: this many in `windowTime` ms. With less traffic a kept
   * connection saves nobody time, but holds a process of the server (Postfix: "on demand" caching).
   */
  readonly minMessages: number;
  readonly windowTime: number;
}

export const defaultPoolLimits: PoolLimits = {
  maxIdle: 100,
  maxIdleTime: 30_000,
  maxMessages: 1000,
  minMessages: 64,
  windowTime: 10_000,
};

export interface PooledConnection extends ReadyExchange {
  readonly exchange: SocketExchange;
  /** Messages that it has carried. */
  messages: number;
}

/** Ready connections between messages. */
export class ConnectionPool<Connection extends PooledConnection = PooledConnection> {
  readonly #limits: PoolLimits;
  readonly #now: () => number;
  readonly #idle: { readonly connection: Connection; readonly since: number }[] = [];
  /** Begin of the window, messages in it and in the one before. */
  #windowStart = 0;
  #inWindow = 0;
  #before = 0;
  #closed = false;
  #sweep: NodeJS.Timeout | null = null;

  constructor(limits: PoolLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Those that the server has closed meanwhile do not count. */
  get idle(): number {
    return this.#idle.filter(({ connection }) => connection.exchange.isUsable).length;
  }

  /** The connection that was used last; null when there is none. Counts a message. */
  take(): Connection | null {
    const now = this.#now();
    this.#countMessage(now);
    for (let entry = this.#idle.pop(); entry !== undefined; entry = this.#idle.pop()) {
      if (entry.connection.exchange.isUsable && now - entry.since <= this.#limits.maxIdleTime) {
        return entry.connection;
      }
      entry.connection.exchange.quit();
    }
    return null;
  }

  /** Keeps the connection for the next message, or says goodbye. */
  give(connection: Connection): void {
    const { maxIdle, maxMessages } = this.#limits;
    const isWanted = !this.#closed && this.#isDense && this.#idle.length < maxIdle && connection.messages < maxMessages;
    if (!isWanted || !connection.exchange.isUsable) {
      connection.exchange.quit();
      return;
    }
    this.#idle.push({ connection, since: this.#now() });
    this.#sweep ??= setInterval(() => this.#dropOld(), this.#limits.maxIdleTime / 4).unref();
  }

  close(): void {
    this.#closed = true;
    for (const { connection } of this.#idle.splice(0)) connection.exchange.quit();
    this.#stopSweep();
  }

  get #isDense(): boolean {
    return Math.max(this.#inWindow, this.#before) >= this.#limits.minMessages;
  }

  #countMessage(now: number): void {
    const passed = now - this.#windowStart;
    if (passed >= this.#limits.windowTime) {
      this.#before = passed < 2 * this.#limits.windowTime ? this.#inWindow : 0;
      this.#inWindow = 0;
      this.#windowStart = now;
    }
    this.#inWindow++;
  }

  #dropOld(): void {
    const oldest = this.#now() - this.#limits.maxIdleTime;
    const kept = this.#idle.filter(({ connection, since }) => since >= oldest && connection.exchange.isUsable);
    const dropped = this.#idle.filter((entry) => !kept.includes(entry));
    this.#idle.splice(0, this.#idle.length, ...kept);
    for (const { connection } of dropped) connection.exchange.quit();
    if (this.#idle.length === 0) this.#stopSweep();
  }

  #stopSweep(): void {
    if (this.#sweep !== null) clearInterval(this.#sweep);
    this.#sweep = null;
  }
}
