import type { Eventually } from '../module.ts';
import { monotonicTime } from '../monotonic-time.ts';

/** Something that a message needs to get before it goes on. */
export interface Permits {
  /** True when it was got by `deadline` (of `monotonicTime`). Who waits is served first come first served. */
  acquire(deadline: number): Eventually<boolean>;
  /** Ends the use of one that was got. */
  release(): void;
  /** Nobody holds or waits for one, and a new object would behave alike. */
  isIdle(now: number): boolean;
}

interface Waiter {
  readonly resolve: (got: boolean) => void;
  readonly timer: NodeJS.Timeout;
}

/** Waiters in order, each with its own deadline. */
class WaitingLine {
  readonly #waiters = new Set<Waiter>();

  get isEmpty(): boolean {
    return this.#waiters.size === 0;
  }

  join(deadline: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        resolve(false);
      }, deadline - monotonicTime());
      const waiter: Waiter = { resolve, timer };
      this.#waiters.add(waiter);
    });
  }

  /** False when nobody waits. */
  serve(): boolean {
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter);
      clearTimeout(waiter.timer);
      waiter.resolve(true);
      return true;
    }
    return false;
  }
}

/** At most `most` at a time. */
export class ConcurrencyPermits implements Permits {
  readonly #most: number;
  readonly #line = new WaitingLine();
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  acquire(deadline: number): Eventually<boolean> {
    if (this.#held >= this.#most) return this.#line.join(deadline);
    this.#held++;
    return true;
  }

  release(): void {
    // A waiter takes the place over.
    if (!this.#line.serve()) this.#held--;
  }

  isIdle(): boolean {
    return this.#held === 0;
  }
}

/** `burst` at once, and up to `burst` again after each period, counted from the beginning (runtime-core 10.1). */
export class RatePermits implements Permits {
  readonly #burst: number;
  readonly #period: number;
  readonly #line = new WaitingLine();
  #stock: number;
  #nextRefill: number;
  #timer: NodeJS.Timeout | null = null;

  constructor(burst: number, period: number) {
    this.#burst = burst;
    this.#period = Math.max(period, 1);
    this.#stock = burst;
    this.#nextRefill = monotonicTime() + this.#period;
  }

  acquire(deadline: number): Eventually<boolean> {
    this.#refill(monotonicTime());
    if (this.#stock > 0 && this.#line.isEmpty) {
      this.#stock--;
      return true;
    }
    // Who cannot be served in time need not wait for it.
    if (this.#nextRefill > deadline) return sleepUntil(deadline).then(() => false);
    this.#timer ??= setTimeout(() => this.#serve(), this.#nextRefill - monotonicTime());
    return this.#line.join(deadline);
  }

  #serve(): void {
    this.#timer = null;
    this.#refill(monotonicTime());
    while (this.#stock > 0 && this.#line.serve()) this.#stock--;
    if (this.#line.isEmpty) return;
    this.#timer = setTimeout(() => this.#serve(), this.#nextRefill - monotonicTime());
  }

  #refill(now: number): void {
    if (now < this.#nextRefill) return;
    this.#stock = this.#burst;
    this.#nextRefill += Math.ceil((now - this.#nextRefill + 1) / this.#period) * this.#period;
  }

  release(): void {}

  isIdle(now: number): boolean {
    this.#refill(now);
    return this.#line.isEmpty && this.#stock === this.#burst;
  }
}

function sleepUntil(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time - monotonicTime()));
}
