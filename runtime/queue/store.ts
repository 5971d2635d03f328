import type { MessageBody } from '../module.ts';
import type { QueuedMessage } from './message.ts';

/** A message on its way into the store. */
export interface NewMessage {
  readonly message: QueuedMessage;
  /** `destinationOf` it; see StoredMessage. */
  readonly destination: string;
  /** Fields with their CRLF, without the empty line. */
  readonly header: Buffer;
  /** Read once, during `insert`. */
  readonly body: MessageBody;
}

/** A message that this process works on: nobody else is given it until it is updated or released. */
export interface StoredMessage {
  /** Names it in its store. */
  readonly key: number;
  readonly message: QueuedMessage;
  /** Where it goes, as far as scheduling cares; empty when that is one place for all, or several places. */
  readonly destination: string;
}

export interface StoredContent {
  readonly header: Buffer;
  readonly body: MessageBody;
}

export interface LeaseRequest {
  /** Due until then, Unix ms. */
  readonly dueUntil: number;
  /** Only what was put in or changed since then, Unix ms; for the time after a start (`post_init_delay`). */
  readonly changedSince: number;
  /** What is due only after this is taken as due now: the clock was set back. Unix ms. */
  readonly horizon: number;
  readonly limit: number;
  /** Destinations whose messages are not wanted now. */
  readonly except: readonly string[];
}

/**
 * Where queued messages lie. A message is in the hands of one process (leased), or waits for its time. What is written here survives
 * the end of the process at any point; only that a lease ended may be forgotten, which at worst repeats an attempt.
 */
export interface QueueStore {
  /** Opens it, frees what a process that is gone had in its hands. Throws when another process uses it and it cannot be shared. */
  open(): Promise<void>;
  /** Done when the message is safe. `leased`: into this process's hands. Throws QueueStoreFull when there is no room. */
  insert(message: NewMessage, leased: boolean): Promise<number>;
  lease(request: LeaseRequest): Promise<readonly StoredMessage[]>;
  /** When the first message is due that nobody works on; null when there is none. */
  nextDue(except: readonly string[]): Promise<number | null>;
  read(key: number): Promise<StoredContent>;
  /** Writes what became of a message in this process's hands, and lets go of it. Tried until it works. */
  update(key: number, message: QueuedMessage): Promise<void>;
  /** The message is done. Tried until it works. */
  remove(key: number): Promise<void>;
  /** Lets go of it, to be due at that time (Unix ms). */
  release(key: number, due: number): Promise<void>;
  /** Messages in the store. */
  count(): Promise<number>;
  /** False when other processes may have taken over what this one has in its hands: nothing may be delivered then. */
  readonly mayDeliver: boolean;
  /** Called when somebody else may have put in or changed something. */
  onChange(listener: () => void): void;
  /** Called when other processes have taken over what this one had in its hands; only of stores that are shared. */
  onLeasesLost?(listener: () => void): void;
  /** Writes what waits and lets go of everything. */
  close(): Promise<void>;
}

/** There is no room for the message, for now. */
export class QueueStoreFull extends Error {
  override readonly name = 'QueueStoreFull';
}
