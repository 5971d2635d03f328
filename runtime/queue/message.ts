import type { Reply } from '../module.ts';

/** What a queue knows about one message besides its content. Plain data: stores keep it as JSON. */
export interface QueuedMessage {
  /** 8 hex digits, as in the log and in replies. */
  readonly id: string;
  /** Sender as the next server is told, after all rewriting; empty for the null sender. */
  readonly from: string;
  /** MAIL FROM as received. */
  readonly originalFrom: string;
  /** Unix ms. */
  readonly arrivedAt: number;
  /** End of the last attempt; the arrival before the first one. Unix ms. */
  readonly lastAttemptAt: number;
  /** When the recipients that wait are tried again. Unix ms. */
  readonly nextAttemptAt: number;
  readonly recipients: readonly QueuedRecipient[];
  /** Of the message's context (`MessageContext`). */
  readonly smtputf8: boolean;
  readonly requireTls: boolean;
  readonly tlsNotRequired: boolean;
  readonly quarantined: boolean;
  readonly declaredSize: number | null;
  /** Set while a bounce is owed. */
  readonly bounce: OwedBounce | null;
}

export interface QueuedRecipient {
  readonly to: string;
  /** As the client named it. */
  readonly original: string;
  /** Attempts that failed. */
  readonly tries: number;
  /** Why the last of them failed. */
  readonly failure: Reply | null;
}

/** Recipients that are given up, and of whom the sender has not been told yet. */
export interface OwedBounce {
  readonly recipients: readonly FailedRecipient[];
  /** Attempts to hand the bounce over that failed. */
  readonly tries: number;
  /** Unix ms. */
  readonly nextAttemptAt: number;
}

export interface FailedRecipient extends QueuedRecipient {
  readonly failure: Reply;
}

/** When there is something to do for the message. Unix ms. */
export function dueTime({ recipients, nextAttemptAt, bounce }: QueuedMessage): number {
  const delivery = recipients.length === 0 ? Number.POSITIVE_INFINITY : nextAttemptAt;
  return Math.min(delivery, bounce?.nextAttemptAt ?? Number.POSITIVE_INFINITY);
}

export function isDone({ recipients, bounce }: QueuedMessage): boolean {
  return recipients.length === 0 && bounce === null;
}
