import type { Reply } from '../module.ts';
import type { FailedRecipient, QueuedMessage, QueuedRecipient } from './message.ts';
import { jitteredRetryDelay, type RetrySchedule } from './schedule.ts';

/** Fate of one recipient in one attempt; `postponed`: it was not tried. */
export type RecipientResult =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'postponed' }
  | { readonly kind: 'failed'; readonly reply: Reply };

export interface OutcomeRules {
  readonly schedule: RetrySchedule;
  /** The sender of a given up recipient is told. */
  readonly bounces: boolean;
  /** 0 to 1. */
  readonly chance: number;
}

/** What an attempt changes. */
export interface Outcome {
  readonly message: QueuedMessage;
  readonly delivered: readonly QueuedRecipient[];
  /** Given up in this attempt. */
  readonly failed: readonly FailedRecipient[];
  /** To be tried again because this attempt failed. */
  readonly retried: readonly FailedRecipient[];
}

const notTried: RecipientResult = { kind: 'postponed' };
/** Until recipients that were not tried have their turn again; milliseconds. */
const postponement = 30_000;

/** Results by recipient, in the message's order; `endedAt` is the end of the attempt (Unix ms). */
export function applyResults(
  message: QueuedMessage,
  results: readonly RecipientResult[],
  endedAt: number,
  { schedule, bounces, chance }: OutcomeRules,
): Outcome {
  const delivered: QueuedRecipient[] = [];
  const failed: FailedRecipient[] = [];
  const retried: FailedRecipient[] = [];
  const postponed: QueuedRecipient[] = [];
  for (const [at, recipient] of message.recipients.entries()) {
    const result = results[at] ?? notTried;
    if (result.kind === 'delivered') delivered.push(recipient);
    else if (result.kind === 'postponed') postponed.push(recipient);
    else {
      const tried = { ...recipient, tries: recipient.tries + 1, failure: result.reply };
      (isFinal(result.reply, tried.tries, schedule.maxTries) ? failed : retried).push(tried);
    }
  }
  const waiting = [...retried, ...postponed];
  const fewestTries = waiting.reduce((fewest, { tries }) => Math.min(fewest, tries), Number.POSITIVE_INFINITY);
  const delay =
    retried.length === 0
      ? Math.min(schedule.initialRetryTime, postponement)
      : jitteredRetryDelay(schedule, fewestTries, chance);
  const owed = bounces && message.originalFrom !== '' && message.from !== '' ? failed : [];
  return {
    delivered,
    failed,
    retried,
    message: {
      ...message,
      recipients: waiting,
      lastAttemptAt: endedAt,
      nextAttemptAt: endedAt + delay,
      bounce:
        owed.length === 0
          ? message.bounce
          : { recipients: [...(message.bounce?.recipients ?? []), ...owed], tries: 0, nextAttemptAt: endedAt },
    },
  };
}

function isFinal(reply: Reply, tries: number, maxTries: number): boolean {
  return reply.code >= 500 || tries >= maxTries;
}

/** A bounce that could not be handed over: tried again by the same schedule, or, at its end, given up. */
export function afterFailedBounce(
  message: QueuedMessage,
  reply: Reply,
  endedAt: number,
  { schedule, chance }: OutcomeRules,
): QueuedMessage {
  const { bounce } = message;
  if (bounce === null) return message;
  const tries = bounce.tries + 1;
  if (isFinal(reply, tries, schedule.maxTries)) return { ...message, bounce: null };
  return {
    ...message,
    bounce: { ...bounce, tries, nextAttemptAt: endedAt + jitteredRetryDelay(schedule, tries, chance) },
  };
}
