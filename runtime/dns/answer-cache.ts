import { monotonicTime } from '../monotonic-time.ts';
/** Answers by question, each for its time to live; the ones that were put in first leave first when it is full. */
export class AnswerCache<Value> {
  readonly #most: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, { readonly value: Value; readonly until: number }>();

  constructor(most: number, now: () => number = monotonicTime) {
    this.#most = most;
    this.#now = now;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > this.#now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  /** `seconds`: for how long it is true; 0: not to be kept. */
  put(key: string, value: Value, seconds: number): void {
    if (seconds <= 0) return;
    this.#entries.delete(key);
    if (this.#entries.size >= this.#most) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    this.#entries.set(key, { value, until: this.#now() + seconds * 1_000 });
  }
}
