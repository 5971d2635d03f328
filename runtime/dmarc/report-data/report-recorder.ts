import type { Logger } from '../../observe/log.ts';
import type { PolicySearch } from '../policy-search.ts';
import { type JudgedMessage, type Observation, observe } from './observation.ts';
import { type CountedObservation, dayOf, ReportDatabase } from './report-database.ts';

const writeEvery = 10_000;
/** Of different observations that wait to be written. */
const mostWaiting = 2_000;
/** Of messages about which DNS is still asked. */
const mostObserved = 1_000;
/** At the end DNS is not waited for any longer. */
const lastMilliseconds = 1_000;

/**
 * Counts what DMARC decides, for reports to the domains whose mail it was. Mail does not wait for it, and does not fail by it: what
 * cannot be written is said in the log.
 */
export class ReportRecorder {
  readonly #path: string;
  readonly #search: PolicySearch;
  readonly #log: Logger;
  readonly #now: () => number;
  /** By day and observation. */
  #waiting = new Map<string, CountedObservation>();
  readonly #observing = new Set<Promise<void>>();
  #dropped = 0;
  #isStopped = false;
  #database: ReportDatabase | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, search: PolicySearch, log: Logger, now: () => number = Date.now) {
    this.#path = path;
    this.#search = search;
    this.#log = log;
    this.#now = now;
  }

  start(): void {
    this.#timer = setInterval(() => this.#write(), writeEvery);
    this.#timer.unref();
  }

  /** Never throws. Between `start` and `stop`. */
  note(message: JudgedMessage): void {
    if (this.#timer === undefined) return;
    if (this.#observing.size >= mostObserved) {
      this.#dropped++;
      return;
    }
    const day = dayOf(this.#now());
    const observing = observe(message, this.#search).then(
      (observation) => this.#count(day, observation),
      (error: unknown) => this.#log.error('a verdict of DMARC was not counted', error),
    );
    this.#observing.add(observing);
    void observing.finally(() => this.#observing.delete(observing));
  }

  /** Writes what it has. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const { promise: tooLate, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, lastMilliseconds);
    await Promise.race([Promise.all(this.#observing), tooLate]);
    clearTimeout(timer);
    this.#isStopped = true;
    this.#write();
    this.#database?.close();
    this.#database = null;
  }

  #count(day: string, observation: Observation | null): void {
    if (observation === null || this.#isStopped) return;
    const key = `${day} ${JSON.stringify(observation)}`;
    const before = this.#waiting.get(key)?.count ?? 0;
    if (before === 0 && this.#waiting.size >= mostWaiting) this.#write();
    // The database cannot be written, or there would be room.
    if (before === 0 && this.#waiting.size >= mostWaiting) this.#dropped++;
    else this.#waiting.set(key, { day, observation, count: before + 1 });
  }

  #write(): void {
    if (this.#waiting.size === 0 && this.#dropped === 0) return;
    try {
      this.#database ??= ReportDatabase.open(this.#path);
      this.#dropped += this.#database.add([...this.#waiting.values()], dayOf(this.#now()));
      this.#waiting = new Map();
    } catch (error) {
      this.#log.error('verdicts of DMARC cannot be counted', error, { path: this.#path });
    }
    if (this.#dropped === 0) return;
    this.#log.message('too many different verdicts of DMARC, some were not counted', { messages: this.#dropped });
    this.#dropped = 0;
  }
}
