import { randomUUID } from 'node:crypto';
import { contentParts, storedContent } from '../content.ts';
import { GroupCommit } from '../group-commit.ts';
import { dueTime, type QueuedMessage } from '../message.ts';
import type { LeaseRequest, NewMessage, QueueStore, StoredContent, StoredMessage } from '../store.ts';
import { readMessage } from '../stored-message.ts';
import type { StoreWrite } from './protocol.ts';
import { StoreWorker } from './worker-client.ts';

export interface SqliteStoreOptions {
  /** Made when it is not there. */
  readonly directory: string;
  /** A commit failed; what could not be written is tried again, or its writer has been told. */
  readonly onError: (error: unknown) => void;
}

interface WaitingWrite {
  readonly write: StoreWrite;
  readonly bytes: Buffer | null;
}

/** The queue in a SQLite database of its own, in a thread of its own. */
export class SqliteStore implements QueueStore {
  readonly mayDeliver = true;
  readonly #directory: string;
  readonly #worker: StoreWorker;
  readonly #writes: GroupCommit<WaitingWrite>;
  #changed: () => void = () => {};

  constructor({ directory, onError }: SqliteStoreOptions) {
    this.#directory = directory;
    this.#worker = new StoreWorker(() => this.#changed());
    this.#writes = new GroupCommit({ commit: (writes) => this.#commit(writes), onError });
  }

  async open(): Promise<void> {
    try {
      await this.#worker.ask('done', { ask: 'open', directory: this.#directory, lease: randomUUID() });
    } catch (error) {
      await this.#worker.terminate();
      throw error;
    }
  }

  async insert({ message, destination, header, body }: NewMessage, leased: boolean): Promise<number> {
    const row = {
      id: message.id,
      sender: message.from,
      destination,
      headerSize: header.length,
      size: header.length + body.size,
      arrivedAt: message.arrivedAt,
      dueAt: dueTime(message),
      leased,
      message: JSON.stringify(message),
    };
    const parts = contentParts(header, body);
    const first = await nextPart(parts);
    const second = await nextPart(parts);
    if (first === null) throw new Error('a message without content');
    if (second === null) {
      return this.#urgent({ kind: 'insert', row: { ...row, size: first.length }, length: first.length }, first);
    }
    const seq = await this.#urgent({ kind: 'insert', row, length: null }, null);
    try {
      let size = 0;
      let number = 0;
      for (let part: Buffer | null = first; part !== null; part = number === 1 ? second : await nextPart(parts)) {
        await this.#urgent({ kind: 'part', seq, part: number, length: part.length }, part);
        size += part.length;
        number++;
      }
      return await this.#urgent({ kind: 'complete', seq, size, leased }, null);
    } catch (error) {
      this.#patient({ kind: 'remove', seq }).catch(() => {});
      throw error;
    }
  }

  async lease(request: LeaseRequest): Promise<readonly StoredMessage[]> {
    const { rows } = await this.#worker.ask('rows', { ask: 'lease', request });
    return rows.map(({ seq, message, destination, dueAt }) => ({
      key: seq,
      message: readMessage(message, dueAt),
      destination,
    }));
  }

  async nextDue(except: readonly string[]): Promise<number | null> {
    return (await this.#worker.ask('number', { ask: 'nextDue', except })).value;
  }

  async read(key: number): Promise<StoredContent> {
    const { sizes } = await this.#worker.ask('sizes', { ask: 'sizes', seq: key });
    return storedContent(sizes.headerSize, sizes.size, async (part) => {
      const { bytes } = await this.#worker.ask('bytes', { ask: 'part', seq: key, part });
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    });
  }

  async update(key: number, message: QueuedMessage): Promise<void> {
    const text = JSON.stringify(message);
    await this.#patient({ kind: 'update', seq: key, message: text, dueAt: dueTime(message) });
  }

  async remove(key: number): Promise<void> {
    await this.#patient({ kind: 'remove', seq: key });
  }

  async release(key: number, due: number): Promise<void> {
    await this.#patient({ kind: 'release', seq: key, dueAt: due });
  }

  async count(): Promise<number> {
    return (await this.#worker.ask('number', { ask: 'count' })).value ?? 0;
  }

  onChange(listener: () => void): void {
    this.#changed = listener;
  }

  async close(): Promise<void> {
    await this.#writes.close();
    await this.#worker.ask('done', { ask: 'close' }).catch(() => {});
    await this.#worker.terminate();
  }

  #urgent(write: StoreWrite, bytes: Buffer | null): Promise<number> {
    return this.#writes.urgent({ write, bytes });
  }

  #patient(write: StoreWrite): Promise<number> {
    return this.#writes.patient({ write, bytes: null });
  }

  async #commit(writes: readonly WaitingWrite[]): Promise<readonly number[]> {
    const length = writes.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
    // Handed over to the other thread; a Buffer's own memory may be shared with other buffers.
    const all = new ArrayBuffer(length);
    const view = Buffer.from(all);
    let at = 0;
    for (const { bytes } of writes) at += bytes?.copy(view, at) ?? 0;
    const request = { ask: 'write', writes: writes.map(({ write }) => write), bytes: all } as const;
    return (await this.#worker.ask('keys', request, [all])).keys;
  }
}

async function nextPart(parts: AsyncGenerator<Buffer>): Promise<Buffer | null> {
  const { value, done } = await parts.next();
  return done ? null : value;
}
