export interface RetrySchedule {
  /** Milliseconds. */
  readonly initialRetryTime: number;
  readonly retryTimeScale: number;
  /** Attempts per recipient. */
  readonly maxTries: number;
}

/** Share of a delay that chance may add, so that messages that failed together do not come back together. */
const jitterShare = 0.05;
/** In ms: nobody should wait noticeably longer. */
const longestJitter = 60_000;

/** A century in ms. A steep scale passes every date that a store can hold, and times there are no longer exact. */
const longestDelay = 100 * 365 * 86_400_000;

/** Milliseconds from the `tries`th failed attempt to the next one; the factor is a whole number (D22). */
export function retryDelay({ initialRetryTime, retryTimeScale }: RetrySchedule, tries: number): number {
  return Math.min(initialRetryTime * Math.floor(retryTimeScale ** Math.max(0, tries - 1)), longestDelay);
}

/** As `retryDelay`, with chance (0 to 1) on top. */
export function jitteredRetryDelay(schedule: RetrySchedule, tries: number, chance: number): number {
  const delay = retryDelay(schedule, tries);
  return delay + Math.floor(Math.min(delay * jitterShare, longestJitter) * chance);
}

/** No message waits longer than this: a time further away is a clock that was set back. Milliseconds. */
export function longestRetryDelay(schedule: RetrySchedule): number {
  const last = retryDelay(schedule, Math.max(1, schedule.maxTries - 1));
  return Math.max(schedule.initialRetryTime, last) + longestJitter;
}
