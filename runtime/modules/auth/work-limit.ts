/** Runs at most `width` jobs at once and keeps the others waiting, in order. */
export class WorkLimit {
  readonly #width: number;
  readonly #mostWaiting: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(width: number, mostWaiting: number) {
    this.#width = width;
    this.#mostWaiting = mostWaiting;
  }

  /** Null when too many are waiting already. */
  async run<T>(job: () => Promise<T>): Promise<T | null> {
    if (this.#running >= this.#width) {
      if (this.#waiting.length >= this.#mostWaiting) return null;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
