import type { NewRow, StoreWrite, WaitingWrite } from '../message-writer.ts';
import { rowStates } from '../row-states.ts';
import type { PostgresConnection } from './connection.ts';
import { channel } from './schema.ts';

const insertMessages = `INSERT INTO maddyc_queue_message
(seq, queue, id, sender, destination, header_size, size, arrived_at, next_at, changed_at, state, lease, message)
SELECT new.seq, $1, new.id, new.sender, new.destination, new.header_size, new.size, new.arrived_at, new.next_at, $2, new.state,
  CASE WHEN new.leased THEN $3 END, new.message
FROM unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::bigint[], $10::bigint[], $11::bigint[],
  $12::smallint[], $13::boolean[], $14::text[])
AS new (seq, id, sender, destination, header_size, size, arrived_at, next_at, state, leased, message)`;
const insertParts = `INSERT INTO maddyc_queue_part (seq, part, bytes)
SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bytea[])`;
/** One statement, so that a message is there with its content or not at all. */
const insertWhole = `WITH parts AS (INSERT INTO maddyc_queue_part (seq, part, bytes)
  SELECT part.seq, 0, part.bytes FROM unnest($15::bigint[], $16::bytea[]) AS part (seq, bytes)) ${insertMessages}`;
const completeMessages = `UPDATE maddyc_queue_message AS message
SET size = done.size, state = ${rowStates.ready}, lease = CASE WHEN done.leased THEN $1 END
FROM unnest($2::bigint[], $3::bigint[], $4::boolean[]) AS done (seq, size, leased) WHERE message.seq = done.seq`;
const updateMessages = `UPDATE maddyc_queue_message AS message
SET message = changed.message, next_at = changed.next_at, changed_at = $1, lease = NULL
FROM unnest($3::bigint[], $4::text[], $5::bigint[]) AS changed (seq, message, next_at)
WHERE message.seq = changed.seq AND message.lease = $2`;
const releaseMessages = `UPDATE maddyc_queue_message AS message
SET next_at = changed.next_at, changed_at = $1, lease = NULL
FROM unnest($3::bigint[], $4::bigint[]) AS changed (seq, next_at)
WHERE message.seq = changed.seq AND message.lease = $2`;
const removeMessages = `WITH gone AS (DELETE FROM maddyc_queue_message WHERE seq = ANY($1::bigint[]))
DELETE FROM maddyc_queue_part WHERE seq = ANY($1::bigint[])`;

interface NewMessageRow {
  readonly seq: number;
  readonly row: NewRow;
  /** Null: parts of its own follow. */
  readonly bytes: Buffer | null;
}

/** Writes of one kind go out as one statement. What ends leases comes first: if that fails, nothing was put in that its writer is told failed. */
export class PostgresWrites {
  readonly #connection: PostgresConnection;
  readonly #queue: string;
  readonly #node: string;
  /** Keys that the database has given us in advance. */
  readonly #keys: number[] = [];
  /** Messages whose writers were told that they were not taken, but that may be there. */
  #uncertain: readonly number[] = [];

  constructor(connection: PostgresConnection, queue: string, node: string) {
    this.#connection = connection;
    this.#queue = queue;
    this.#node = node;
  }

  async commit(writes: readonly WaitingWrite[]): Promise<readonly number[]> {
    await this.#remove(writes);
    await this.#update(writes);
    await this.#release(writes);
    await this.#parts(writes);
    await this.#complete(writes);
    const keys = await this.#insert(writes);
    return writes.map(({ write }, at) => keys.get(at) ?? ('seq' in write ? write.seq : 0));
  }

  async #insert(writes: readonly WaitingWrite[]): Promise<ReadonlyMap<number, number>> {
    const keys = new Map<number, number>();
    const rows: NewMessageRow[] = [];
    for (const [at, { write, bytes }] of writes.entries()) {
      if (write.kind !== 'insert') continue;
      const seq = await this.#nextKey();
      keys.set(at, seq);
      rows.push({ seq, row: write.row, bytes });
    }
    if (rows.length === 0) return keys;
    try {
      await this.#connection.query('insert', insertWhole, this.#insertValues(rows));
    } catch (error) {
      // It may have happened all the same, and the writers are told that it has not.
      this.#uncertain = [...this.#uncertain, ...rows.map(({ seq }) => seq)];
      throw error;
    }
    if (rows.some(({ row, bytes }) => bytes !== null && !row.leased)) await this.#tell();
    return keys;
  }

  #insertValues(rows: readonly NewMessageRow[]): readonly unknown[] {
    const whole = rows.filter(({ bytes }) => bytes !== null);
    return [
      this.#queue,
      Date.now(),
      this.#node,
      rows.map(({ seq }) => seq),
      rows.map(({ row }) => row.id),
      rows.map(({ row }) => row.sender),
      rows.map(({ row }) => row.destination),
      rows.map(({ row }) => row.headerSize),
      rows.map(({ row }) => row.size),
      rows.map(({ row }) => row.arrivedAt),
      rows.map(({ row }) => row.dueAt),
      rows.map(({ bytes }) => (bytes === null ? rowStates.incoming : rowStates.ready)),
      rows.map(({ row, bytes }) => row.leased || bytes === null),
      rows.map(({ row }) => row.message),
      whole.map(({ seq }) => seq),
      whole.map(({ bytes }) => bytes),
    ];
  }

  async #nextKey(): Promise<number> {
    const known = this.#keys.pop();
    if (known !== undefined) return known;
    const rows = await this.#connection.query(
      'keys',
      `SELECT nextval('maddyc_queue_message_seq_seq') AS seq FROM generate_series(1, 500)`,
      [],
    );
    this.#keys.push(...rows.map(({ seq }) => Number(seq)).toReversed());
    const key = this.#keys.pop();
    if (key === undefined) throw new Error('the database gives no keys');
    return key;
  }

  async #parts(writes: readonly WaitingWrite[]): Promise<void> {
    const parts = writes.flatMap(({ write, bytes }) => (write.kind === 'part' ? [{ ...write, bytes }] : []));
    if (parts.length === 0) return;
    await this.#connection.query('parts', insertParts, [
      parts.map(({ seq }) => seq),
      parts.map(({ part }) => part),
      parts.map(({ bytes }) => bytes),
    ]);
  }

  async #complete(writes: readonly WaitingWrite[]): Promise<void> {
    const done = ofKind(writes, 'complete');
    if (done.length === 0) return;
    await this.#connection.query('complete', completeMessages, [
      this.#node,
      done.map(({ seq }) => seq),
      done.map(({ size }) => size),
      done.map(({ leased }) => leased),
    ]);
    if (done.some(({ leased }) => !leased)) await this.#tell();
  }

  async #update(writes: readonly WaitingWrite[]): Promise<void> {
    const changed = ofKind(writes, 'update');
    if (changed.length === 0) return;
    await this.#connection.query('update', updateMessages, [
      Date.now(),
      this.#node,
      changed.map(({ seq }) => seq),
      changed.map(({ message }) => message),
      changed.map(({ dueAt }) => dueAt),
    ]);
  }

  async #release(writes: readonly WaitingWrite[]): Promise<void> {
    const released = ofKind(writes, 'release');
    if (released.length === 0) return;
    await this.#connection.query('release', releaseMessages, [
      Date.now(),
      this.#node,
      released.map(({ seq }) => seq),
      released.map(({ dueAt }) => dueAt),
    ]);
    await this.#tell();
  }

  async #remove(writes: readonly WaitingWrite[]): Promise<void> {
    const uncertain = this.#uncertain;
    const gone = [...uncertain, ...ofKind(writes, 'remove').map(({ seq }) => seq)];
    if (gone.length === 0) return;
    await this.#connection.query('remove', removeMessages, [gone]);
    this.#uncertain = this.#uncertain.filter((seq) => !uncertain.includes(seq));
  }

  /** The other nodes; a notice that is lost is made up for when they look by themselves. */
  async #tell(): Promise<void> {
    await this.#connection.query('tell', 'SELECT pg_notify($1, $2)', [channel, this.#queue]);
  }
}

function ofKind<K extends StoreWrite['kind']>(
  writes: readonly WaitingWrite[],
  kind: K,
): readonly Extract<StoreWrite, { readonly kind: K }>[] {
  return writes.flatMap(({ write }) => (isOfKind(write, kind) ? [write] : []));
}

function isOfKind<K extends StoreWrite['kind']>(
  write: StoreWrite,
  kind: K,
): write is Extract<StoreWrite, { readonly kind: K }> {
  return write.kind === kind;
}
