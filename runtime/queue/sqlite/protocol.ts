import type { LeaseRequest } from '../store.ts';

/** What the thread that owns the database is asked. Content travels in one buffer per message that is handed over, not copied. */
export type StoreRequest =
  | { readonly ask: 'open'; readonly directory: string; readonly lease: string }
  /** `bytes` holds the parts of all writes that have one, one after another. */
  | { readonly ask: 'write'; readonly writes: readonly StoreWrite[]; readonly bytes: ArrayBuffer }
  | { readonly ask: 'lease'; readonly request: LeaseRequest }
  | { readonly ask: 'nextDue'; readonly except: readonly string[] }
  | { readonly ask: 'count' | 'close' }
  | { readonly ask: 'sizes'; readonly seq: number }
  | { readonly ask: 'part'; readonly seq: number; readonly part: number };

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

/** One row that was leased. */
export interface LeasedRow {
  readonly seq: number;
  readonly destination: string;
  readonly dueAt: number;
  readonly message: string;
}

export interface RowSizes {
  readonly headerSize: number;
  readonly size: number;
}

export type StoreResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'keys'; readonly keys: readonly number[] }
  | { readonly kind: 'rows'; readonly rows: readonly LeasedRow[] }
  | { readonly kind: 'number'; readonly value: number | null }
  | { readonly kind: 'sizes'; readonly sizes: RowSizes }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

export type StoreAnswer =
  | { readonly number: number; readonly result: StoreResult }
  | { readonly number: number; readonly error: string; readonly isFull: boolean }
  /** Another process has changed the database. */
  | { readonly changed: true };

export interface NumberedRequest {
  readonly number: number;
  readonly request: StoreRequest;
}
