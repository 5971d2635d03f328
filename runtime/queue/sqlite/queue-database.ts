import { statfsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { NewRow, StoreWrite } from '../message-writer.ts';
import { rowStates } from '../row-states.ts';
import { type LeaseRequest, QueueStoreFull } from '../store.ts';
import type { LeasedRow } from '../stored-message.ts';
import type { RowSizes, StoreRole } from './protocol.ts';
import { busyMilliseconds, largestInRow, lockQueue, openQueueDatabase, pageSize, partsPerMessage } from './schema.ts';

/** Free bytes that are left for what becomes of queued messages. */
const reservedBytes = 33_554_432;
/** Of them, what the log of writes needs until it is brought into the database. */
const reservedForLog = reservedBytes / 2;
/** How often the log is brought in because the disk is almost full; milliseconds. */
const shrinkInterval = 250;

const leaseRows = `UPDATE message SET lease = $lease WHERE seq IN (
  SELECT seq FROM message WHERE lease IS NULL AND state = ${rowStates.ready} AND next_at BETWEEN $since AND $until
    AND changed_at >= $since AND destination NOT IN (SELECT value FROM json_each($except))
  ORDER BY next_at LIMIT $limit
) RETURNING seq, destination, next_at, message`;

/** A queue's database in the hands of one process; blocks the thread that it runs in. */
export class QueueDatabase {
  readonly #database: DatabaseSync;
  /** Null for a guest, who delivers nothing. */
  readonly #lock: DatabaseSync | null;
  readonly #lease: string;
  readonly #directory: string;
  readonly #statements;
  #shrunkAt = Number.NEGATIVE_INFINITY;

  /** `lease` names this process. */
  constructor(directory: string, lease: string, role: StoreRole) {
    this.#lease = lease;
    this.#directory = directory;
    this.#database = openQueueDatabase(directory);
    const lock = role === 'guest' ? null : lockQueue(directory);
    if (lock === null && role !== 'guest') {
      this.#database.close();
      throw new Error(
        `another process delivers the queue in ${directory}: end it, or give this queue a location of its own`,
      );
    }
    this.#lock = lock;
    const prepare = (sql: string) => this.#database.prepare(sql);
    this.#statements = {
      insert: prepare(`INSERT INTO message
(id, sender, destination, header_size, size, arrived_at, next_at, changed_at, state, lease, message, content)
VALUES ($id, $sender, $destination, $headerSize, $size, $arrivedAt, $dueAt, $now, $state, $lease, $message, $content)`),
      part: prepare('INSERT INTO part (place, bytes) VALUES ($place, $bytes)'),
      complete: prepare('UPDATE message SET size = $size, state = $state, lease = $lease WHERE seq = $seq'),
      update: prepare(
        'UPDATE message SET message = $message, next_at = $dueAt, changed_at = $now, lease = NULL WHERE seq = $seq',
      ),
      release: prepare('UPDATE message SET next_at = $dueAt, changed_at = $now, lease = NULL WHERE seq = $seq'),
      remove: prepare('DELETE FROM message WHERE seq = $seq RETURNING content IS NULL AS has_parts'),
      removeParts: prepare('DELETE FROM part WHERE place BETWEEN $first AND $last'),
      lease: prepare(leaseRows),
      pull: prepare(
        `UPDATE message SET next_at = $until WHERE lease IS NULL AND state = ${rowStates.ready} AND next_at > $horizon`,
      ),
      nextDue: prepare(`SELECT next_at FROM message WHERE lease IS NULL AND state = ${rowStates.ready}
AND destination NOT IN (SELECT value FROM json_each($except)) ORDER BY next_at LIMIT 1`),
      sizes: prepare('SELECT header_size, size FROM message WHERE seq = $seq'),
      readPart: prepare('SELECT bytes FROM part WHERE place = $place'),
      readContent: prepare('SELECT content FROM message WHERE seq = $seq'),
      // Each from its index: rows hold content.
      count: prepare(`SELECT (SELECT count(*) FROM message WHERE lease IS NULL AND state = ${rowStates.ready})
+ (SELECT count(*) FROM message WHERE state = ${rowStates.held})
+ (SELECT count(*) FROM message WHERE lease IS NOT NULL AND state <> ${rowStates.incoming}) AS messages`),
      dataVersion: prepare('PRAGMA data_version'),
      freePages: prepare('PRAGMA freelist_count'),
    };
    if (role !== 'guest') this.#recover();
  }

  /** What a process that is gone had in its hands waits again; what it had not received whole was never acknowledged. */
  #recover(): void {
    this.#transact(() => {
      const incoming = this.#database.prepare(
        `SELECT seq FROM message WHERE lease IS NOT NULL AND state = ${rowStates.incoming}`,
      );
      for (const { seq } of incoming.all()) this.#remove(Number(seq));
      this.#database.exec('UPDATE message SET lease = NULL WHERE lease IS NOT NULL');
    });
  }

  /** All or none; gives the new key of each insert. */
  write(writes: readonly StoreWrite[], bytes: ArrayBuffer): readonly number[] {
    if (writes.some(({ kind }) => kind === 'insert' || kind === 'part')) this.#requireRoom();
    const now = Date.now();
    let at = 0;
    const take = (length: number): Uint8Array => {
      const part = new Uint8Array(bytes, at, length);
      at += length;
      return part;
    };
    return this.#transact(() => writes.map((write) => this.#write(write, now, take)));
  }

  /** On a full disk not even removals could be written: new mail stops before. What mail that has left has freed inside counts as free. */
  #requireRoom(): void {
    if (this.#freeBytes() >= reservedBytes) return;
    if (performance.now() - this.#shrunkAt >= shrinkInterval) this.#shrinkLog();
    const free = this.#freeBytes();
    if (free >= reservedForLog && free + this.#reusableBytes() >= reservedBytes) return;
    throw new QueueStoreFull(`less than ${reservedBytes} bytes are free in ${this.#directory}`);
  }

  #freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.#directory);
    return bavail * bsize;
  }

  #reusableBytes(): number {
    return Number(this.#statements.freePages.get()?.freelist_count) * pageSize;
  }

  /** Brings the log of writes into the database, unless somebody who reads keeps it busy, and gives its room back. */
  #shrinkLog(): void {
    this.#shrunkAt = performance.now();
    this.#database.exec(
      `PRAGMA busy_timeout = 100; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = ${busyMilliseconds}`,
    );
  }

  #write(write: StoreWrite, now: number, take: (length: number) => Uint8Array): number {
    const { complete, update, release } = this.#statements;
    switch (write.kind) {
      case 'insert': {
        const content = write.length === null ? null : take(write.length);
        const isSmall = content !== null && content.length <= largestInRow;
        const seq = this.#insert(write.row, isSmall ? content : null, write.length === null, now);
        if (content !== null && !isSmall) this.#insertPart(seq, 0, content);
        return seq;
      }
      case 'part':
        this.#insertPart(write.seq, write.part, take(write.length));
        return write.seq;
      case 'complete': {
        const { seq: $seq, size: $size } = write;
        complete.run({ $seq, $size, $state: rowStates.ready, $lease: write.leased ? this.#lease : null });
        return write.seq;
      }
      case 'update':
        update.run({ $seq: write.seq, $message: write.message, $dueAt: write.dueAt, $now: now });
        return write.seq;
      case 'release':
        release.run({ $seq: write.seq, $dueAt: write.dueAt, $now: now });
        return write.seq;
      case 'remove':
        this.#remove(write.seq);
        return write.seq;
    }
  }

  #insert(row: NewRow, content: Uint8Array | null, isIncoming: boolean, now: number): number {
    const { lastInsertRowid } = this.#statements.insert.run({
      $id: row.id,
      $sender: row.sender,
      $destination: row.destination,
      $headerSize: row.headerSize,
      $size: row.size,
      $arrivedAt: row.arrivedAt,
      $dueAt: row.dueAt,
      $now: now,
      $state: isIncoming ? rowStates.incoming : rowStates.ready,
      $lease: isIncoming || row.leased ? this.#lease : null,
      $message: row.message,
      $content: content,
    });
    return Number(lastInsertRowid);
  }

  #insertPart(seq: number, part: number, bytes: Uint8Array): void {
    if (part >= partsPerMessage) throw new Error('a message of more than 1 GiB cannot be queued');
    this.#statements.part.run({ $place: seq * partsPerMessage + part, $bytes: bytes });
  }

  #remove(seq: number): void {
    const gone = this.#statements.remove.get({ $seq: seq });
    if (gone?.has_parts !== 1) return;
    this.#statements.removeParts.run({ $first: seq * partsPerMessage, $last: (seq + 1) * partsPerMessage - 1 });
  }

  lease({ dueUntil, changedSince, horizon, limit, except }: LeaseRequest): readonly LeasedRow[] {
    return this.#transact(() => {
      this.#statements.pull.run({ $until: dueUntil, $horizon: horizon });
      const rows = this.#statements.lease.all({
        $lease: this.#lease,
        $since: changedSince,
        $until: dueUntil,
        $limit: limit,
        $except: JSON.stringify(except),
      });
      return rows.map(({ seq, destination, next_at, message }) => ({
        seq: Number(seq),
        destination: String(destination),
        dueAt: Number(next_at),
        message: String(message),
      }));
    });
  }

  nextDue(except: readonly string[]): number | null {
    const row = this.#statements.nextDue.get({ $except: JSON.stringify(except) });
    return row === undefined ? null : Number(row.next_at);
  }

  sizes(seq: number): RowSizes {
    const row = this.#statements.sizes.get({ $seq: seq });
    if (row === undefined) throw new Error('the message is not in the queue any more');
    return { headerSize: Number(row.header_size), size: Number(row.size) };
  }

  part(seq: number, part: number): Uint8Array {
    const inRow = part === 0 ? this.#statements.readContent.get({ $seq: seq })?.content : null;
    const bytes = inRow ?? this.#statements.readPart.get({ $place: seq * partsPerMessage + part })?.bytes;
    if (!(bytes instanceof Uint8Array)) throw new Error('a part of the message is not in the queue any more');
    return bytes;
  }

  count(): number {
    return Number(this.#statements.count.get()?.messages);
  }

  /** Changes when another process has written. */
  get dataVersion(): number {
    return Number(this.#statements.dataVersion.get()?.data_version);
  }

  /** Lets go of everything. */
  close(): void {
    try {
      this.#transact(() => this.#database.prepare('UPDATE message SET lease = NULL WHERE lease = ?').run(this.#lease));
      if (this.#lock !== null) this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.#database.close();
      this.#lock?.close();
    }
  }

  #transact<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors, such as a full disk.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
