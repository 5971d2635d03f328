import type { MessageBody, MessageContext, MessageHeader } from '../module.ts';
import { type BackOffRules, Destinations } from './destinations.ts';
import { dueTime, isDone, type QueuedMessage } from './message.ts';
import type { QueueStore, StoredMessage } from './store.ts';

/** What is in memory of a message that has just come in: its first attempt needs nothing from the store. */
export interface FreshContent {
  readonly context: MessageContext;
  readonly header: MessageHeader;
  readonly body: MessageBody;
}

export interface ReadyMessage extends StoredMessage {
  readonly fresh: FreshContent | null;
}

/** What became of a message, and what the attempt says about destinations. */
export interface Processed {
  readonly message: QueuedMessage;
  readonly reached: ReadonlyMap<string, boolean>;
}

export interface DispatcherOptions {
  readonly store: QueueStore;
  /** Does what is due for one message. Must not throw. */
  readonly process: (ready: ReadyMessage) => Promise<Processed>;
  readonly maxParallelism: number;
  readonly backOff: BackOffRules;
  /** Milliseconds in which only what came after the start is delivered. */
  readonly postInitDelay: number;
  /** Milliseconds; no message waits longer. */
  readonly longestDelay: number;
  readonly now: () => number;
  /** Something that it has put back is due then (Unix ms): told to whoever dispatches now. */
  readonly onDue: (due: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Content of fresh messages in memory, in bytes: what comes over it is read from the store when its turn comes. */
const freshMemory = 32 * 1024 * 1024;
const mostReady = 1000;
/** More is fetched when fewer are ready. */
const fewReady = 32;
const leaseSize = 128;
/** Of one destination, while others may be waiting in the store. */
const readyPerDestination = 64;
/** A clock that was changed is noticed so soon (ms). */
const longestSleep = 5_000;
/** What is due but could not be had is asked for again so soon (ms). */
const shortestSleep = 100;

/** A store that does not answer is asked again so soon (ms). */
const pauseWithoutStore = 1000;

/** Hands messages out to be delivered when their time has come: fresh ones at once, others from the store. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #destinations: Destinations<ReadyMessage>;
  #state: 'new' | 'running' | 'paused' = 'new';
  #startedAt = 0;
  #isStarting = true;
  #freshBytes = 0;
  /** When the store is known to have something due; Unix ms. */
  #storeDue = Number.NEGATIVE_INFINITY;
  /** What was noticed while the store was being asked. */
  #noticed = Number.POSITIVE_INFINITY;
  #isLeasing = false;
  /** Destinations that had enough ready when the store was last asked. */
  #leftOut: readonly string[] = [];
  #timer: NodeJS.Timeout | null = null;
  #waiting: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#destinations = new Destinations(options.backOff);
  }

  start(): void {
    if (this.#state === 'new') this.#startedAt = this.#options.now();
    this.#state = 'running';
    this.#storeDue = Number.NEGATIVE_INFINITY;
    this.#step();
  }

  /** Whether a message that comes in now would find its turn soon. */
  hasRoom(destination: string): boolean {
    return (
      this.#state === 'running' &&
      this.#freshBytes < freshMemory &&
      this.#destinations.ready < mostReady &&
      !this.#destinations.isPaused(destination, this.#options.now())
    );
  }

  isPaused(destination: string): boolean {
    return this.#destinations.isPaused(destination, this.#options.now());
  }

  /** A message in this process's hands. */
  offer(ready: ReadyMessage): void {
    this.#freshBytes += ready.fresh?.body.size ?? 0;
    this.#destinations.add(ready.destination, ready);
    this.#step();
  }

  /** Something in the store is due then (Unix ms). */
  notice(due: number): void {
    this.#noticed = Math.min(this.#noticed, due);
    if (due >= this.#storeDue) return;
    this.#storeDue = due;
    this.#step();
  }

  /** What has not begun is in others' hands. */
  forget(): void {
    this.#withdrawAll();
    this.notice(Number.NEGATIVE_INFINITY);
  }

  /** Begins nothing more, and gives up what has not begun. */
  pause(): readonly ReadyMessage[] {
    this.#state = 'paused';
    this.#clearTimer();
    return this.#withdrawAll();
  }

  #withdrawAll(): readonly ReadyMessage[] {
    const withdrawn = this.#destinations.withdraw(null);
    for (const { fresh } of withdrawn) this.#freshBytes -= fresh?.body.size ?? 0;
    return withdrawn;
  }

  /** Ends when no delivery runs any more. */
  async drained(): Promise<void> {
    while (this.#destinations.running > 0) await new Promise<void>((resolve) => void this.#waiting.push(resolve));
  }

  #step(): void {
    if (this.#state !== 'running') return;
    const { maxParallelism, now } = this.#options;
    while (this.#destinations.running < maxParallelism) {
      const next = this.#destinations.take(now());
      if (next === null) break;
      void this.#run(next.destination, next.entry);
    }
    if (this.#destinations.ready < fewReady && this.#storeMayHaveMore()) void this.#refill();
    else this.#sleep();
  }

  #storeMayHaveMore(): boolean {
    if (this.#storeDue <= this.#options.now()) return true;
    return this.#leftOut.some((name) => this.#destinations.readyFor(name) < readyPerDestination / 2);
  }

  async #run(destination: string, ready: ReadyMessage): Promise<void> {
    const { process, now } = this.#options;
    const { message, reached } = await process(ready);
    for (const [name, isReached] of reached) this.#destinations.observe(name, isReached, ready.key, now());
    this.#destinations.ended(destination);
    this.#freshBytes -= ready.fresh?.body.size ?? 0;
    this.#save(ready.key, message);
    for (const [name, isReached] of reached) if (!isReached) this.#leaveAlone(name);
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.#step();
  }

  #save(key: number, message: QueuedMessage): void {
    const { store, onDue, onError } = this.#options;
    const saved = isDone(message) ? store.remove(key) : store.update(key, message).then(() => onDue(dueTime(message)));
    saved.catch(onError);
  }

  /** What waits for a destination that is paused waits in the store. */
  #leaveAlone(name: string): void {
    const { store, now, onError } = this.#options;
    if (!this.#destinations.isPaused(name, now())) return;
    const pauseEnd = this.#destinations.firstPauseEnd(now()) ?? now();
    for (const { key, fresh } of this.#destinations.withdraw(name)) {
      this.#freshBytes -= fresh?.body.size ?? 0;
      store.release(key, pauseEnd).catch(onError);
    }
  }

  async #refill(): Promise<void> {
    if (this.#isLeasing) return;
    this.#isLeasing = true;
    try {
      await this.#lease();
    } catch (error) {
      this.#options.onError(error);
      this.#storeDue = this.#options.now() + pauseWithoutStore;
    } finally {
      this.#isLeasing = false;
    }
    this.#step();
  }

  async #lease(): Promise<void> {
    const { store, now, longestDelay } = this.#options;
    const asked = now();
    if (!store.mayDeliver) {
      this.#storeDue = asked + pauseWithoutStore;
      return;
    }
    const { changedSince, until } = this.#startWindow(asked);
    const except = this.#destinations.saturated(readyPerDestination, asked);
    const leased = await store.lease({
      dueUntil: asked,
      changedSince,
      horizon: asked + longestDelay,
      limit: leaseSize,
      except,
    });
    for (const message of leased) this.#destinations.add(message.destination, { ...message, fresh: null });
    this.#leftOut = except.filter((name) => !this.#destinations.isPaused(name, now()));
    if (leased.length === leaseSize) return;
    this.#noticed = Number.POSITIVE_INFINITY;
    const next = (await store.nextDue(except)) ?? Number.POSITIVE_INFINITY;
    const pauseEnd = this.#destinations.firstPauseEnd(now()) ?? Number.POSITIVE_INFINITY;
    const soonest = Math.min(Math.max(next, now() + shortestSleep), pauseEnd, this.#noticed);
    this.#storeDue = changedSince > 0 ? Math.min(Math.max(soonest, now() + shortestSleep), until) : soonest;
  }

  /** For the first time after a start, what another process has left behind waits. */
  #startWindow(now: number): { readonly changedSince: number; readonly until: number } {
    const until = this.#startedAt + this.#options.postInitDelay;
    // A clock that was set back ends it for good: what changed meanwhile would count as left behind.
    if (now < this.#startedAt || now >= until) this.#isStarting = false;
    return { changedSince: this.#isStarting ? this.#startedAt : 0, until };
  }

  #sleep(): void {
    this.#clearTimer();
    if (this.#isLeasing) return;
    const now = this.#options.now();
    const storeDue = this.#destinations.ready < fewReady ? this.#storeDue : Number.POSITIVE_INFINITY;
    const pauseEnd = this.#destinations.firstPauseEnd(now) ?? Number.POSITIVE_INFINITY;
    const delay = Math.max(0, Math.min(storeDue, pauseEnd) - now);
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        // Also after a long sleep: the clock may have been changed meanwhile.
        this.#storeDue = Number.NEGATIVE_INFINITY;
        this.#step();
      },
      Math.min(longestSleep, delay),
    );
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
