import { dueTime, type QueuedMessage } from './message.ts';
import type { StoredMessage } from './store.ts';

/** One row that was leased. */
export interface LeasedRow {
  readonly seq: number;
  readonly destination: string;
  readonly dueAt: number;
  readonly message: string;
}

export function toStoredMessage({ seq, message, destination, dueAt }: LeasedRow): StoredMessage {
  return { key: seq, message: readMessage(message, dueAt), destination };
}

/**
 * A message as a store wrote it. `dueAt` is what the store says about its time: somebody who wanted it tried earlier has changed
 * only that.
 */
export function readMessage(json: string, dueAt: number): QueuedMessage {
  const message = parseMessage(json);
  if (dueAt >= dueTime(message)) return message;
  const { bounce } = message;
  return {
    ...message,
    nextAttemptAt: dueAt,
    bounce: bounce === null ? null : { ...bounce, nextAttemptAt: dueAt },
  };
}

/** The stores' format is versioned as a whole, and only maddyc writes it: it is taken on trust here, and only here. */
function parseMessage(json: string): QueuedMessage {
  return JSON.parse(json);
}
