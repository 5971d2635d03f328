import { SqliteStore } from './sqlite/store.ts';
import type { QueueStore } from './store.ts';

export interface StorePlace {
  /** Absolute path of the queue's directory. */
  readonly place: string;
  /** Name of the queue, where several share a store. */
  readonly queue: string;
  readonly onError: (error: unknown) => void;
}

/** The store that a place stands for. */
export function openQueueStore({ place, onError }: StorePlace): QueueStore {
  return new SqliteStore({ directory: place, onError });
}
