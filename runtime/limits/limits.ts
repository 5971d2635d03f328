import type { ConfigOf } from '../../compiler/catalog/config-of.ts';
import type { limits as limitsEntry } from '../../compiler/catalog/modules/limits.ts';
import type { PlanModule } from '../../compiler/plan/plan.ts';
import { afterwards, isLater } from '../../compiler/routing/later.ts';
import { type Eventually, ReplyError } from '../module.ts';
import { monotonicTime } from '../monotonic-time.ts';
import { ConcurrencyPermits, type Permits, RatePermits } from './permits.ts';

type Config = ConfigOf<typeof limitsEntry>;
type Limit = Config['all'][number];

/** All permits of a message together may take this long. */
const patienceMilliseconds = 5_000;
/** Clients, or sender domains, that are told apart at a time. */
const mostKeys = 20_010;
/** A key that nobody used for so long is forgotten (D30). */
const staleMilliseconds = 60_000;

const highLoad = { code: 451, enhanced: '4.4.5', text: 'High load, try again later' };

/** Rates and concurrency that messages share (runtime-core 10.1). */
export interface Limits {
  /** Gives the function that ends the use; a refusal is thrown as ReplyError. */
  take(client: string, senderDomain: string): Eventually<() => void>;
  /** As `take`, for one recipient domain that a message goes to: the limits of scope `destination`. */
  takeDestination(domain: string): Eventually<() => void>;
}

/** `at`: the place of the block in its plan, which tells it from others. */
export type LimitsFactory = (config: Config, at: PlanModule['at']) => Limits;

export function createLimits(config: Config): Limits {
  return new ScopedLimits(config);
}

class ScopedLimits implements Limits {
  readonly #all: readonly Permits[];
  readonly #byClient: PermitsByKey;
  readonly #bySender: PermitsByKey;
  readonly #byDestination: PermitsByKey;

  constructor(config: Config) {
    this.#all = createPermits(config.all);
    this.#byClient = new PermitsByKey(config.ip);
    this.#bySender = new PermitsByKey(config.source);
    this.#byDestination = new PermitsByKey(config.destination);
  }

  take(client: string, senderDomain: string): Eventually<() => void> {
    return takeAll([...this.#all, ...this.#byClient.of(client), ...this.#bySender.of(senderDomain)]);
  }

  takeDestination(domain: string): Eventually<() => void> {
    return takeAll(this.#byDestination.of(domain));
  }
}

/** All or none. */
function takeAll(wanted: readonly Permits[]): Eventually<() => void> {
  const deadline = monotonicTime() + patienceMilliseconds;
  const release = (count: number) => (): void => {
    for (const permits of wanted.slice(0, count)) permits.release();
  };
  const takeFrom = (first: number): Eventually<() => void> => {
    for (let at = first; at < wanted.length; at++) {
      const got = wanted[at]?.acquire(deadline) ?? true;
      if (isLater(got)) return afterwards(got, (later) => (later ? takeFrom(at + 1) : refuse(release(at))), null);
      if (!got) return refuse(release(at));
    }
    return once(release(wanted.length));
  };
  return takeFrom(0);
}

/** What was got is given back. */
function refuse(release: () => void): never {
  release();
  throw limitReached();
}

/** What a client is told whose message would go over a limit. */
export function limitReached(): ReplyError {
  return new ReplyError(highLoad, {}, { messageId: null });
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) action();
    isDone = true;
  };
}

/** Limits of 0 are none. */
function createPermits(limits: readonly Limit[]): readonly Permits[] {
  return limits.flatMap((limit): Permits[] => {
    if (limit.kind === 'rate') return limit.burst > 0 ? [new RatePermits(limit.burst, limit.period)] : [];
    return limit.max > 0 ? [new ConcurrencyPermits(limit.max)] : [];
  });
}

class PermitsByKey {
  readonly #limits: readonly Limit[];
  /** Least recently used first. */
  readonly #known = new Map<string, { readonly permits: readonly Permits[]; used: number }>();

  constructor(limits: readonly Limit[]) {
    this.#limits = limits;
  }

  of(key: string): readonly Permits[] {
    if (this.#limits.length === 0) return [];
    const now = monotonicTime();
    this.#forgetStale(now);
    const entry = this.#known.get(key) ?? { permits: createPermits(this.#limits), used: now };
    entry.used = now;
    this.#known.delete(key);
    if (this.#known.size >= mostKeys) refuse(() => {});
    this.#known.set(key, entry);
    return entry.permits;
  }

  /** Keys in use are looked at once and then count as used now, so that each call ends soon. */
  #forgetStale(now: number): void {
    for (const [key, entry] of this.#known) {
      if (now - entry.used < staleMilliseconds) return;
      this.#known.delete(key);
      if (entry.permits.every((permits) => permits.isIdle(now))) continue;
      entry.used = now;
      this.#known.set(key, entry);
    }
  }
}
