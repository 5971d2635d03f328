import type { StoreWrite } from '../message-writer.ts';
import type { LeaseRequest } from '../store.ts';
import type { LeasedRow } from '../stored-message.ts';

/** `guest`: puts messages in while a server may be delivering. */
export type StoreRole = 'server' | 'guest';

/** What the thread that owns the database is asked. Content travels in one buffer per message that is handed over, not copied. */
export type StoreRequest =
  | { readonly ask: 'open'; readonly directory: string; readonly lease: string; readonly role: StoreRole }
  /** `bytes` holds the parts of all writes that have one, one after another. */
  | { readonly ask: 'write'; readonly writes: readonly StoreWrite[]; readonly bytes: ArrayBuffer }
  | { readonly ask: 'lease'; readonly request: LeaseRequest }
  | { readonly ask: 'nextDue'; readonly except: readonly string[] }
  | { readonly ask: 'count' | 'close' }
  | { readonly ask: 'sizes'; readonly seq: number }
  | { readonly ask: 'part'; readonly seq: number; readonly part: number };

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
