import { randomUUID } from 'node:crypto';
import { storedContent } from '../content.ts';
import type { QueuedMessage } from '../message.ts';
import { MessageWriter } from '../message-writer.ts';
import { rowStates } from '../row-states.ts';
import type { LeaseRequest, NewMessage, QueueStore, StoredContent, StoredMessage } from '../store.ts';
import { toStoredMessage } from '../stored-message.ts';
import { PostgresConnection } from './connection.ts';
import { channel } from './schema.ts';
import { PostgresWrites } from './writes.ts';

export interface PostgresStoreOptions {
  readonly url: string;
  /** Names the queue among those in the database. */
  readonly queue: string;
  readonly role: 'server' | 'guest';
  readonly onError: (error: unknown) => void;
  readonly heartbeat?: Heartbeat;
}

/** Milliseconds. */
export interface Heartbeat {
  readonly interval: number;
  /** Without a sign of life for so long a node counts as dead, and others take over its mail. */
  readonly patience: number;
}

const usualHeartbeat: Heartbeat = { interval: 3_000, patience: 20_000 };

const leaseMessages = `WITH due AS (
  SELECT seq FROM maddyc_queue_message WHERE queue = $1 AND lease IS NULL AND state = ${rowStates.ready}
    AND next_at BETWEEN $2 AND $3 AND changed_at >= $2 AND destination <> ALL($4::text[])
  ORDER BY next_at LIMIT $5 FOR UPDATE SKIP LOCKED
) UPDATE maddyc_queue_message AS message SET lease = $6 FROM due WHERE message.seq = due.seq
RETURNING message.seq, message.destination, message.next_at, message.message`;
const takeOver = `UPDATE maddyc_queue_message SET lease = NULL, next_at = LEAST(next_at, $1)
WHERE lease IS NOT NULL AND state <> ${rowStates.incoming}
  AND lease NOT IN (SELECT node FROM maddyc_queue_node WHERE alive_until > now()) RETURNING queue`;
const dropUnfinished = `WITH gone AS (DELETE FROM maddyc_queue_message WHERE state = ${rowStates.incoming}
  AND lease NOT IN (SELECT node FROM maddyc_queue_node WHERE alive_until > now()) RETURNING seq)
DELETE FROM maddyc_queue_part WHERE seq IN (SELECT seq FROM gone)`;

/** The queue in a PostgreSQL database that several machines may share: each leases what it delivers. */
export class PostgresStore implements QueueStore {
  readonly #options: PostgresStoreOptions;
  readonly #node = randomUUID();
  readonly #heartbeat: Heartbeat;
  readonly #connection: PostgresConnection;
  readonly #sql: PostgresWrites;
  readonly #writes: MessageWriter;
  #changed: () => void = () => {};
  #leasesLost: () => void = () => {};
  #isPrepared = false;
  /** By a clock that nobody sets. */
  #aliveUntil = 0;
  #timer: NodeJS.Timeout | null = null;
  #beat: Promise<void> = Promise.resolve();

  constructor(options: PostgresStoreOptions) {
    this.#options = options;
    this.#heartbeat = options.heartbeat ?? usualHeartbeat;
    this.#connection = new PostgresConnection(options.url, () => this.#changed());
    this.#sql = new PostgresWrites(this.#connection, options.queue, this.#node);
    this.#writes = new MessageWriter({
      commit: (writes) => this.#sql.commit(writes),
      onError: options.onError,
    });
  }

  /** Stops early, so that what is under way ends before others take it over. */
  get mayDeliver(): boolean {
    return performance.now() < this.#aliveUntil;
  }

  /** A database that is away does not keep the server from starting: mail is refused for now until it is there. */
  async open(): Promise<void> {
    const { role, onError } = this.#options;
    await this.#connection.open();
    const begun = this.#begin();
    await (role === 'server' ? begun.catch(onError) : begun);
    this.#timer = setInterval(() => {
      this.#beat = this.#beat.then(() => this.#live()).catch(this.#options.onError);
    }, this.#heartbeat.interval);
  }

  async #begin(): Promise<void> {
    await this.#connection.prepare();
    await this.#register();
    await this.#takeOver();
    this.#isPrepared = true;
    if (this.#options.role === 'server') await this.#connection.listen();
    this.#changed();
  }

  insert(message: NewMessage, leased: boolean): Promise<number> {
    return this.#writes.insert(message, leased);
  }

  async lease({ dueUntil, changedSince, horizon, limit, except }: LeaseRequest): Promise<readonly StoredMessage[]> {
    const { queue } = this.#options;
    await this.#connection.query(
      'pull',
      `UPDATE maddyc_queue_message SET next_at = $2
WHERE queue = $1 AND lease IS NULL AND state = ${rowStates.ready} AND next_at > $3`,
      [queue, dueUntil, horizon],
    );
    const values = [queue, changedSince, dueUntil, except, limit, this.#node];
    const rows = await this.#connection.query('lease', leaseMessages, values);
    return rows.map(({ seq, destination, next_at, message }) =>
      toStoredMessage({
        seq: Number(seq),
        destination: String(destination),
        dueAt: Number(next_at),
        message: String(message),
      }),
    );
  }

  async nextDue(except: readonly string[]): Promise<number | null> {
    const [row] = await this.#connection.query(
      'next due',
      `SELECT next_at FROM maddyc_queue_message WHERE queue = $1 AND lease IS NULL AND state = ${rowStates.ready}
AND destination <> ALL($2::text[]) ORDER BY next_at LIMIT 1`,
      [this.#options.queue, except],
    );
    return row === undefined ? null : Number(row.next_at);
  }

  read(key: number): Promise<StoredContent> {
    return readContent(this.#connection, key);
  }

  update(key: number, message: QueuedMessage): Promise<void> {
    return this.#writes.update(key, message);
  }

  remove(key: number): Promise<void> {
    return this.#writes.patient({ kind: 'remove', seq: key });
  }

  release(key: number, due: number): Promise<void> {
    return this.#writes.patient({ kind: 'release', seq: key, dueAt: due });
  }

  async count(): Promise<number> {
    const [row] = await this.#connection.query(
      'count',
      'SELECT count(*) AS messages FROM maddyc_queue_message WHERE queue = $1',
      [this.#options.queue],
    );
    return Number(row?.messages ?? 0);
  }

  onChange(listener: () => void): void {
    this.#changed = listener;
  }

  onLeasesLost(listener: () => void): void {
    this.#leasesLost = listener;
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#beat;
    await this.#writes.close();
    try {
      await this.#connection.query('leave', 'DELETE FROM maddyc_queue_node WHERE node = $1', [this.#node]);
      if ((await this.#takeOver()) > 0) {
        await this.#connection.query('tell', 'SELECT pg_notify($1, $2)', [channel, this.#options.queue]);
      }
    } catch (error) {
      // The others take it over when this node's patience has run out.
      this.#options.onError(error);
    }
    await this.#connection.close();
  }

  async #live(): Promise<void> {
    if (!this.#isPrepared) return this.#begin();
    const asked = performance.now();
    const { interval, patience } = this.#heartbeat;
    const [alive] = await this.#connection.query(
      'live',
      `UPDATE maddyc_queue_node SET alive_until = now() + $2 * interval '1 millisecond'
WHERE node = $1 AND alive_until > now() RETURNING node`,
      [this.#node, patience],
    );
    if (alive === undefined) {
      // It counted as dead: what it had in its hands may be in others' now.
      this.#leasesLost();
      await this.#register();
    } else this.#aliveUntil = asked + patience - 2 * interval;
    if ((await this.#takeOver()) > 0) this.#changed();
    await this.#sql.commit([]);
    if (this.#options.role === 'server') await this.#connection.listen();
  }

  async #register(): Promise<void> {
    const { interval, patience } = this.#heartbeat;
    const asked = performance.now();
    await this.#connection.query(
      'register',
      `INSERT INTO maddyc_queue_node (node, alive_until) VALUES ($1, now() + $2 * interval '1 millisecond')
ON CONFLICT (node) DO UPDATE SET alive_until = excluded.alive_until`,
      [this.#node, patience],
    );
    this.#aliveUntil = asked + patience - 2 * interval;
  }

  /** What dead nodes had in their hands; gives how many messages. */
  async #takeOver(): Promise<number> {
    await this.#connection.query('drop unfinished', dropUnfinished, []);
    const taken = await this.#connection.query('take over', takeOver, [Date.now()]);
    await this.#connection.query(
      'forget the dead',
      `DELETE FROM maddyc_queue_node WHERE alive_until < now() - interval '1 hour'`,
      [],
    );
    return taken.length;
  }
}

export async function readContent(connection: PostgresConnection, key: number): Promise<StoredContent> {
  const [row] = await connection.query('sizes', 'SELECT header_size, size FROM maddyc_queue_message WHERE seq = $1', [
    key,
  ]);
  if (row === undefined) throw new Error('the message is not in the queue any more');
  return storedContent(Number(row.header_size), Number(row.size), async (part) => {
    const [found] = await connection.query('part', 'SELECT bytes FROM maddyc_queue_part WHERE seq = $1 AND part = $2', [
      key,
      part,
    ]);
    const bytes: unknown = found?.bytes;
    if (!Buffer.isBuffer(bytes)) throw new Error('a part of the message is not in the queue any more');
    return bytes;
  });
}
