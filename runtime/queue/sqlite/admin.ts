import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { entryColumns, entryOf, giveUp, type QueueAdmin, type QueueChange, type QueueEntry } from '../admin.ts';
import { storedContent } from '../content.ts';
import { dueTime, isDone } from '../message.ts';
import { rowStates } from '../row-states.ts';
import type { StoredContent } from '../store.ts';
import { databasePath, lockQueue, openQueueDatabase, partsPerMessage } from './schema.ts';

const pageSize = 500;

/** Null when the directory holds no queue. */
export function openSqliteAdmin(directory: string): QueueAdmin | null {
  if (!existsSync(databasePath(directory))) return null;
  const database = openQueueDatabase(directory);
  const lock = lockQueue(directory);
  if (lock !== null) {
    // No server is there: what one that was killed had in its hands is in nobody's.
    database.exec(`UPDATE message SET lease = NULL WHERE lease IS NOT NULL AND state <> ${rowStates.incoming}`);
    lock.close();
  }
  return new SqliteAdmin(database);
}

interface Which {
  readonly $key: number;
  readonly $id: string;
}

class SqliteAdmin implements QueueAdmin {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async *entries(): AsyncIterable<QueueEntry> {
    const page = this.#database.prepare(`SELECT ${entryColumns} FROM message
WHERE seq > $after AND state <> ${rowStates.incoming} ORDER BY seq LIMIT ${pageSize}`);
    for (let after = 0; ; ) {
      const rows = page.all({ $after: after });
      for (const row of rows) yield entryOf(row);
      const last = rows.at(-1);
      if (last === undefined) return;
      after = Number(last.seq);
    }
  }

  async change(entries: readonly QueueEntry[], change: QueueChange): Promise<ReadonlySet<number>> {
    const changed = new Set<number>();
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const entry of entries) if (this.#change(entry, change)) changed.add(entry.key);
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    return changed;
  }

  #change({ key, message }: QueueEntry, change: QueueChange): boolean {
    const now = Date.now();
    // A key may belong to another message by now.
    const which = { $key: key, $id: message.id };
    switch (change) {
      case 'retry':
        return this.#set(which, `next_at = ${now}, state = ${rowStates.ready}`, now);
      case 'hold':
        return this.#set(which, `state = ${rowStates.held}`, now);
      case 'release':
        return this.#set(which, `state = ${rowStates.ready}`, now);
      case 'delete':
        return this.#delete(which);
      case 'giveUp': {
        const next = giveUp(message, now);
        if (isDone(next)) return this.#delete(which);
        return this.#set(which, `next_at = ${dueTime(next)}, state = ${rowStates.ready}, message = $message`, now, {
          $message: JSON.stringify(next),
        });
      }
    }
  }

  #set(which: Which, what: string, now: number, values: Readonly<Record<string, string>> = {}): boolean {
    const sql = `UPDATE message SET ${what}, changed_at = ${now} WHERE seq = $key AND id = $id AND lease IS NULL`;
    return Number(this.#database.prepare(sql).run({ ...which, ...values }).changes) > 0;
  }

  #delete(which: Which): boolean {
    const sql = 'DELETE FROM message WHERE seq = $key AND id = $id AND lease IS NULL';
    if (Number(this.#database.prepare(sql).run({ ...which }).changes) === 0) return false;
    this.#database
      .prepare('DELETE FROM part WHERE place BETWEEN $first AND $last')
      .run({ $first: which.$key * partsPerMessage, $last: (which.$key + 1) * partsPerMessage - 1 });
    return true;
  }

  async read(key: number): Promise<StoredContent> {
    const row = this.#database
      .prepare('SELECT header_size, size, content FROM message WHERE seq = $key')
      .get({ $key: key });
    if (row === undefined) throw new Error('the message is not in the queue any more');
    const part = this.#database.prepare('SELECT bytes FROM part WHERE place = $place');
    return storedContent(Number(row.header_size), Number(row.size), async (number) => {
      const bytes = row.content ?? part.get({ $place: key * partsPerMessage + number })?.bytes;
      if (!(bytes instanceof Uint8Array)) throw new Error('a part of the message is not in the queue any more');
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    });
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}
