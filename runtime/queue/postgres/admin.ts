import { entryColumns, entryOf, giveUp, type QueueAdmin, type QueueChange, type QueueEntry } from '../admin.ts';
import { dueTime, isDone } from '../message.ts';
import { rowStates } from '../row-states.ts';
import type { StoredContent } from '../store.ts';
import { PostgresConnection } from './connection.ts';
import { channel } from './schema.ts';
import { readContent } from './store.ts';

const pageSize = 500;

/** A queue in PostgreSQL, for a person. */
export class PostgresAdmin implements QueueAdmin {
  readonly #connection: PostgresConnection;
  readonly #queue: string;

  private constructor(connection: PostgresConnection, queue: string) {
    this.#connection = connection;
    this.#queue = queue;
  }

  static async open(url: string, queue: string): Promise<PostgresAdmin> {
    const connection = new PostgresConnection(url, () => {});
    await connection.open();
    await connection.prepare();
    return new PostgresAdmin(connection, queue);
  }

  async *entries(): AsyncIterable<QueueEntry> {
    for (let after = 0; ; ) {
      const rows = await this.#connection.query(
        'entries',
        `SELECT ${entryColumns} FROM maddyc_queue_message
WHERE queue = $1 AND seq > $2 AND state <> ${rowStates.incoming} ORDER BY seq LIMIT ${pageSize}`,
        [this.#queue, after],
      );
      for (const row of rows) yield entryOf(row);
      const last = rows.at(-1);
      if (last === undefined) return;
      after = Number(last.seq);
    }
  }

  async change(entries: readonly QueueEntry[], change: QueueChange): Promise<ReadonlySet<number>> {
    const changed = new Set<number>();
    for (const entry of entries) if (await this.#change(entry, change)) changed.add(entry.key);
    if (changed.size > 0) await this.#connection.query('tell', 'SELECT pg_notify($1, $2)', [channel, this.#queue]);
    return changed;
  }

  async #change({ key, message }: QueueEntry, change: QueueChange): Promise<boolean> {
    const now = Date.now();
    switch (change) {
      case 'retry':
        return this.#set('retry', `next_at = $2, state = ${rowStates.ready}`, [key, now]);
      case 'hold':
        return this.#set('hold', `state = ${rowStates.held}`, [key, now]);
      case 'release':
        return this.#set('unhold', `state = ${rowStates.ready}`, [key, now]);
      case 'delete':
        return this.#delete(key);
      case 'giveUp': {
        const next = giveUp(message, now);
        if (isDone(next)) return this.#delete(key);
        const what = `state = ${rowStates.ready}, next_at = $3, message = $4`;
        return this.#set('give up', what, [key, now, dueTime(next), JSON.stringify(next)]);
      }
    }
  }

  /** `$1` is the key, `$2` the time. */
  async #set(of: string, what: string, values: readonly unknown[]): Promise<boolean> {
    const rows = await this.#connection.query(
      of,
      `UPDATE maddyc_queue_message SET ${what}, changed_at = $2 WHERE seq = $1 AND lease IS NULL RETURNING seq`,
      values,
    );
    return rows.length > 0;
  }

  async #delete(key: number): Promise<boolean> {
    const rows = await this.#connection.query(
      'delete',
      `WITH gone AS (DELETE FROM maddyc_queue_message WHERE seq = $1 AND lease IS NULL RETURNING seq),
parts AS (DELETE FROM maddyc_queue_part WHERE seq IN (SELECT seq FROM gone)) SELECT seq FROM gone`,
      [key],
    );
    return rows.length > 0;
  }

  read(key: number): Promise<StoredContent> {
    return readContent(this.#connection, key);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
