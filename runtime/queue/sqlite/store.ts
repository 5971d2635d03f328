import { randomUUID } from 'node:crypto';
import { storedContent } from '../content.ts';
import type { QueuedMessage } from '../message.ts';
import { MessageWriter, type WaitingWrite } from '../message-writer.ts';
import type { LeaseRequest, NewMessage, QueueStore, StoredContent, StoredMessage } from '../store.ts';
import { toStoredMessage } from '../stored-message.ts';
import type { StoreRole } from './protocol.ts';
import { StoreWorker } from './worker-client.ts';

export interface SqliteStoreOptions {
  /** Made when it is not there. */
  readonly directory: string;
  readonly role?: StoreRole;
  /** A commit failed; what could not be written is tried again, or its writer has been told. */
  readonly onError: (error: unknown) => void;
}

/** The queue in a SQLite database of its own, in a thread of its own. */
export class SqliteStore implements QueueStore {
  readonly mayDeliver = true;
  readonly #directory: string;
  readonly #role: StoreRole;
  readonly #worker: StoreWorker;
  readonly #writes: MessageWriter;
  #changed: () => void = () => {};

  constructor({ directory, role = 'server', onError }: SqliteStoreOptions) {
    this.#role = role;
    this.#directory = directory;
    this.#worker = new StoreWorker(() => this.#changed());
    this.#writes = new MessageWriter({ commit: (writes) => this.#commit(writes), onError });
  }

  async open(): Promise<void> {
    try {
      await this.#worker.ask('done', {
        ask: 'open',
        directory: this.#directory,
        lease: randomUUID(),
        role: this.#role,
      });
    } catch (error) {
      await this.#worker.terminate();
      throw error;
    }
  }

  insert(message: NewMessage, leased: boolean): Promise<number> {
    return this.#writes.insert(message, leased);
  }

  async lease(request: LeaseRequest): Promise<readonly StoredMessage[]> {
    const { rows } = await this.#worker.ask('rows', { ask: 'lease', request });
    return rows.map(toStoredMessage);
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
