import type { Pool } from 'pg';
import type { Logger } from '../../../observe/log.ts';
import type { Parameters, SqlDatabase } from './database.ts';
import { postgresConfig } from './postgres-dsn.ts';

/** Milliseconds. A mail session waits for the answer. */
const connectTimeout = 5_000;
const queryTimeout = 10_000;
const idleTimeout = 30_000;
const mostConnections = 4;

/**
 * A PostgreSQL database, connected when it is first asked: a server whose database is down starts all the same and answers
 * with temporary failures until it is back (D26).
 */
export class PostgresDatabase implements SqlDatabase {
  readonly #config: ReturnType<typeof postgresConfig>;
  readonly #log: Logger;
  #initial: readonly string[] = [];
  #ready: Promise<Pool> | null = null;

  /** Throws for a `dsn` that cannot be read. */
  constructor(dsn: string, log: Logger) {
    this.#config = postgresConfig(dsn);
    this.#log = log;
  }

  initialize(statements: readonly string[]): void {
    this.#initial = statements;
  }

  prepare(): void {}

  start(): void {
    this.#pool().catch((error) => this.#log.error('the database is not reachable yet', error));
  }

  async query(statement: string, parameters: Parameters): Promise<readonly string[]> {
    const pool = await this.#pool();
    const values = parameters.filter((each) => each !== undefined);
    const { rows } = await pool.query<unknown[]>({ text: statement, values, rowMode: 'array' });
    return rows.flatMap(([column]) => (column === null || column === undefined ? [] : [String(column)]));
  }

  #pool(): Promise<Pool> {
    const ready = this.#ready ?? this.#connect();
    this.#ready = ready;
    // What failed is tried again by whoever asks next.
    ready.catch(() => {
      if (this.#ready === ready) this.#ready = null;
    });
    return ready;
  }

  async #connect(): Promise<Pool> {
    const { Pool } = await import('pg');
    const pool = new Pool({
      ...this.#config,
      max: mostConnections,
      connectionTimeoutMillis: connectTimeout,
      query_timeout: queryTimeout,
      idleTimeoutMillis: idleTimeout,
      allowExitOnIdle: true,
    });
    pool.on('error', (error) => this.#log.error('database connection lost', error));
    try {
      for (const statement of this.#initial) await pool.query(statement);
    } catch (error) {
      await pool.end();
      throw error;
    }
    return pool;
  }

  async close(): Promise<void> {
    const pool = await this.#ready?.catch(() => null);
    await pool?.end();
  }
}
