import type { QueueAdmin } from './admin.ts';
import { PostgresAdmin } from './postgres/admin.ts';
import { PostgresStore } from './postgres/store.ts';
import type { QueuePlace } from './settings.ts';
import { openSqliteAdmin } from './sqlite/admin.ts';
import { SqliteStore } from './sqlite/store.ts';
import type { QueueStore } from './store.ts';

export interface OpenStoreOptions {
  /** `guest`: puts messages in, and delivers nothing. */
  readonly role: 'server' | 'guest';
  readonly onError: (error: unknown) => void;
}

export function openQueueStore(place: QueuePlace, { role, onError }: OpenStoreOptions): QueueStore {
  if (place.kind === 'directory') return new SqliteStore({ directory: place.directory, role, onError });
  return new PostgresStore({ url: place.url, queue: place.queue, role, onError });
}

/** Null when nothing was ever queued there. */
export async function openQueueAdmin(place: QueuePlace): Promise<QueueAdmin | null> {
  if (place.kind === 'directory') return openSqliteAdmin(place.directory);
  return PostgresAdmin.open(place.url, place.queue);
}
