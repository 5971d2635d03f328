/** When a destination that cannot be reached is left alone, and for how long. */
export interface BackOffRules {
  /** Deliveries to one destination at once. */
  readonly concurrency: number;
  /** Messages in a row that found it unreachable, before it is left alone. */
  readonly tolerance: number;
  /** Milliseconds; doubles each time up to `longestPause`. */
  readonly firstPause: number;
  readonly longestPause: number;
}

/** Over so many, idle ones are dropped although they were not reached. */
const manyDestinations = 1000;

interface Destination<Entry> {
  readonly name: string;
  /** In the order in which they became ready. */
  readonly ready: Entry[];
  running: number;
  /** Deliveries in a row that did not reach it. */
  unreached: number;
  /** The message that was the last of them. */
  lastUnreached: number | null;
  pauses: number;
  pausedUntil: number;
}

/**
 * Deliveries that are ready, by destination. Destinations take turns, each has its share of what runs at once, and one that cannot be
 * reached waits for a while with one delivery as a probe. Knows no clock: times (Unix ms) are given.
 */
export class Destinations<Entry> {
  readonly #rules: BackOffRules;
  /** The one whose turn is next stands first. */
  readonly #all = new Map<string, Destination<Entry>>();
  #ready = 0;
  #running = 0;

  constructor(rules: BackOffRules) {
    this.#rules = rules;
  }

  /** Entries that wait for their turn. */
  get ready(): number {
    return this.#ready;
  }

  get running(): number {
    return this.#running;
  }

  readyFor(destination: string): number {
    return this.#all.get(destination)?.ready.length ?? 0;
  }

  add(destination: string, entry: Entry): void {
    this.#destination(destination).ready.push(entry);
    this.#ready++;
  }

  #destination(name: string): Destination<Entry> {
    let known = this.#all.get(name);
    if (known === undefined) {
      known = { name, ready: [], running: 0, unreached: 0, lastUnreached: null, pauses: 0, pausedUntil: 0 };
      this.#all.set(name, known);
    }
    return known;
  }

  /** The next entry that may run; it counts as running until `ended`. Null when there is none now. */
  take(now: number): { readonly destination: string; readonly entry: Entry } | null {
    for (const destination of this.#all.values()) {
      const { name, ready } = destination;
      const share = destination.unreached >= this.#rules.tolerance ? 1 : this.#rules.concurrency;
      if (ready.length === 0 || destination.running >= share || this.#isLeftAlone(destination, now)) continue;
      const entry = ready.shift();
      if (entry === undefined) continue;
      this.#ready--;
      this.#running++;
      destination.running++;
      // Behind all others: the next turn is theirs.
      this.#all.delete(name);
      this.#all.set(name, destination);
      return { destination: name, entry };
    }
    return null;
  }

  ended(name: string): void {
    this.#running--;
    const destination = this.#all.get(name);
    if (destination === undefined) return;
    destination.running--;
    this.#forget(destination);
  }

  /** What an attempt says about a destination. `message` tells messages apart: one that fails again says nothing new. */
  observe(name: string, reached: boolean, message: number, now: number): void {
    if (reached) {
      const known = this.#all.get(name);
      if (known === undefined) return;
      Object.assign(known, { unreached: 0, pauses: 0, pausedUntil: 0, lastUnreached: null });
      this.#forget(known);
      return;
    }
    const destination = this.#destination(name);
    if (destination.lastUnreached === message) return;
    destination.lastUnreached = message;
    destination.unreached++;
    if (destination.unreached < this.#rules.tolerance || this.#isLeftAlone(destination, now)) return;
    const { firstPause, longestPause } = this.#rules;
    destination.pausedUntil = now + Math.min(longestPause, firstPause * 2 ** Math.min(destination.pauses, 20));
    destination.pauses++;
    if (this.#all.size > manyDestinations) this.#dropIdle(now);
  }

  isPaused(name: string, now: number): boolean {
    const known = this.#all.get(name);
    return known !== undefined && this.#isLeftAlone(known, now);
  }

  /** Those that are left alone, or have `fill` entries waiting: more of theirs is not wanted. */
  saturated(fill: number, now: number): readonly string[] {
    return [...this.#all.values()]
      .filter((destination) => this.#isLeftAlone(destination, now) || destination.ready.length >= fill)
      .map(({ name }) => name);
  }

  /** End of the first pause; null when nobody is left alone. */
  firstPauseEnd(now: number): number | null {
    let first: number | null = null;
    for (const destination of this.#all.values()) {
      if (!this.#isLeftAlone(destination, now)) continue;
      first = Math.min(first ?? destination.pausedUntil, destination.pausedUntil);
    }
    return first;
  }

  /** A pause that would end later than the longest one began under a clock that was set back since. */
  #isLeftAlone({ pausedUntil }: Destination<Entry>, now: number): boolean {
    return pausedUntil > now && pausedUntil - now <= this.#rules.longestPause;
  }

  /** Takes out what waits: of one destination, or everything. */
  withdraw(name: string | null): readonly Entry[] {
    const withdrawn: Entry[] = [];
    for (const destination of this.#all.values()) {
      if (name === null || destination.name === name) withdrawn.push(...destination.ready.splice(0));
    }
    this.#ready -= withdrawn.length;
    return withdrawn;
  }

  /** A destination with nothing to remember is dropped: there are as many in the world as there are domains. */
  #forget({ name, ready, running, unreached }: Destination<Entry>): void {
    if (ready.length === 0 && running === 0 && unreached === 0) this.#all.delete(name);
  }

  #dropIdle(now: number): void {
    for (const [name, destination] of this.#all) {
      const isIdle = destination.ready.length === 0 && destination.running === 0;
      if (isIdle && !this.#isLeftAlone(destination, now)) this.#all.delete(name);
    }
  }
}
