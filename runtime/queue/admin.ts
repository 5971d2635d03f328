import type { Reply } from '../module.ts';
import type { QueuedMessage } from './message.ts';
import { rowStates } from './row-states.ts';
import type { StoredContent } from './store.ts';
import { readMessage } from './stored-message.ts';

/** A message as people look at it. */
export interface QueueEntry {
  readonly key: number;
  readonly message: QueuedMessage;
  readonly destination: string;
  /** Bytes of header and body. */
  readonly size: number;
  /** When there is something to do for it; Unix ms. */
  readonly dueAt: number;
  /** `delivering`: in a server's hands at this moment, and not to be changed. */
  readonly state: 'waiting' | 'held' | 'delivering';
}

/** What is done to messages. `giveUp`: the sender is told, and nobody tries again. */
export type QueueChange = 'retry' | 'hold' | 'release' | 'delete' | 'giveUp';

/** A queue in the hands of a person; a server may be working on it at the same time. */
export interface QueueAdmin {
  /** All messages, in the order in which they came. */
  entries(): AsyncIterable<QueueEntry>;
  /** Changes those that no server has in its hands; gives their keys. */
  change(entries: readonly QueueEntry[], change: QueueChange): Promise<ReadonlySet<number>>;
  read(key: number): Promise<StoredContent>;
  close(): Promise<void>;
}

/** Columns of a stored message, as a database driver gives them. */
export const entryColumns = 'seq, destination, size, next_at, state, lease, message';

/** A row of these columns. */
export function entryOf(row: Readonly<Record<string, unknown>>): QueueEntry {
  const dueAt = Number(row.next_at);
  return {
    key: Number(row.seq),
    message: readMessage(String(row.message), dueAt),
    destination: String(row.destination),
    size: Number(row.size),
    dueAt,
    state: row.lease !== null ? 'delivering' : Number(row.state) === rowStates.held ? 'held' : 'waiting',
  };
}

const givenUp: Reply = { code: 554, enhanced: '5.0.0', text: 'Given up by the postmaster of the sending system' };

/** The message with nobody left to try, and its sender to be told. */
export function giveUp(message: QueuedMessage, now: number): QueuedMessage {
  const failed = message.recipients.map((recipient) => ({ ...recipient, failure: recipient.failure ?? givenUp }));
  if (message.from === '' || message.originalFrom === '') return { ...message, recipients: [], bounce: null };
  return {
    ...message,
    recipients: [],
    lastAttemptAt: now,
    bounce: {
      recipients: [...(message.bounce?.recipients ?? []), ...failed],
      tries: message.bounce?.tries ?? 0,
      nextAttemptAt: now,
    },
  };
}
