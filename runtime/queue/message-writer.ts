import { freeMemory } from '../message/free-memory.ts';
import { contentParts } from './content.ts';
import { GroupCommit, type GroupCommitOptions } from './group-commit.ts';
import { dueTime, type QueuedMessage } from './message.ts';
import type { NewMessage } from './store.ts';

export interface NewRow {
  readonly id: string;
  readonly sender: string;
  readonly destination: string;
  readonly headerSize: number;
  readonly size: number;
  readonly arrivedAt: number;
  readonly dueAt: number;
  readonly leased: boolean;
  /** JSON of the QueuedMessage. */
  readonly message: string;
}

export type StoreWrite =
  /** With its only part, of that length; null: more parts follow, and the message is not there until `complete`. */
  | { readonly kind: 'insert'; readonly row: NewRow; readonly length: number | null }
  | { readonly kind: 'part'; readonly seq: number; readonly part: number; readonly length: number }
  | { readonly kind: 'complete'; readonly seq: number; readonly size: number; readonly leased: boolean }
  | { readonly kind: 'update'; readonly seq: number; readonly message: string; readonly dueAt: number }
  | { readonly kind: 'release'; readonly seq: number; readonly dueAt: number }
  | { readonly kind: 'remove'; readonly seq: number };

/** A write and the content that goes with it. */
export interface WaitingWrite {
  readonly write: StoreWrite;
  readonly bytes: Buffer | null;
}

/** What stores write, in their own words: messages in parts, and what becomes of them. Writers share commits. */
export class MessageWriter {
  readonly #writes: GroupCommit<WaitingWrite>;

  constructor(options: GroupCommitOptions<WaitingWrite>) {
    this.#writes = new GroupCommit(options);
  }

  /** Done when the message is safe; gives its key. */
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
        freeMemory(part);
      }
      return await this.#urgent({ kind: 'complete', seq, size, leased }, null);
    } catch (error) {
      this.patient({ kind: 'remove', seq }).catch(() => {});
      throw error;
    }
  }

  async update(seq: number, message: QueuedMessage): Promise<void> {
    await this.patient({ kind: 'update', seq, message: JSON.stringify(message), dueAt: dueTime(message) });
  }

  /** Tried until it works. */
  async patient(write: StoreWrite): Promise<void> {
    await this.#writes.patient({ write, bytes: null });
  }

  close(): Promise<void> {
    return this.#writes.close();
  }

  #urgent(write: StoreWrite, bytes: Buffer | null): Promise<number> {
    return this.#writes.urgent({ write, bytes });
  }
}

async function nextPart(parts: AsyncGenerator<Buffer>): Promise<Buffer | null> {
  const { value, done } = await parts.next();
  return done ? null : value;
}
