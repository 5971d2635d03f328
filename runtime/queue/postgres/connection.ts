import type pg from 'pg';
import type { QueryResultRow } from 'pg';
import { postgresConfig } from '../../modules/table/sql/postgres-dsn.ts';
import { channel, schema } from './schema.ts';

const connectTimeout = 5_000;
const queryTimeout = 30_000;
/** One writes, one leases and counts, one reads content. */
const connections = 3;

/** A pool for statements, and one connection that listens. Both come back by themselves after the server was away. */
export class PostgresConnection {
  readonly #url: string;
  readonly #onNotice: () => void;
  #pool: pg.Pool | null = null;
  #listener: pg.Client | null = null;
  #closed = false;

  constructor(url: string, onNotice: () => void) {
    this.#url = url;
    this.#onNotice = onNotice;
  }

  async open(): Promise<void> {
    const { Pool } = await import('pg');
    this.#pool = new Pool({
      ...postgresConfig(this.#url),
      max: connections,
      connectionTimeoutMillis: connectTimeout,
      query_timeout: queryTimeout,
      application_name: 'maddyc queue',
    });
    // A connection that nobody uses has broken: the next statement gets a new one.
    this.#pool.on('error', () => {});
  }

  /** Makes the tables that are not there. */
  async prepare(): Promise<void> {
    const client = await this.#pool?.connect();
    // Where it breaks between two statements, the next one says so.
    client?.on('error', () => {});
    try {
      await client?.query('BEGIN');
      await client?.query(schema);
      await client?.query('COMMIT');
      client?.release();
    } catch (error) {
      // Not one to be used again.
      client?.release(true);
      throw error;
    }
  }

  /** Statements are prepared under the name `of`, which belongs to one text. */
  async query(of: string, text: string, values: readonly unknown[]): Promise<readonly QueryResultRow[]> {
    if (this.#pool === null) throw new Error('the queue is not open');
    return (await this.#pool.query({ name: of, text, values: [...values] })).rows;
  }

  /** Makes sure that notices come; to be called now and then. */
  async listen(): Promise<void> {
    if (this.#listener !== null || this.#closed) return;
    const { Client } = await import('pg');
    const client = new Client({ ...postgresConfig(this.#url), connectionTimeoutMillis: connectTimeout });
    const forget = (): void => {
      if (this.#listener === client) this.#listener = null;
    };
    client.on('error', forget);
    client.on('end', forget);
    client.on('notification', this.#onNotice);
    this.#listener = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch (error) {
      forget();
      await client.end().catch(() => {});
      throw error;
    }
    // What was said while nobody listened.
    this.#onNotice();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#listener?.end().catch(() => {});
    await this.#pool?.end().catch(() => {});
  }
}
