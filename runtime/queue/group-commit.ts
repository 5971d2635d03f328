/** A write that waits for its turn. `mustHappen`: nobody can be told that it failed, so it is tried until it works. */
interface WaitingWrite<Write> {
  readonly write: Write;
  readonly mustHappen: boolean;
  readonly done: (result: number) => void;
  readonly failed: (error: unknown) => void;
}

export interface GroupCommitOptions<Write> {
  /** Makes all of them safe at once, or none; gives one number for each. */
  readonly commit: (writes: readonly Write[]) => Promise<readonly number[]>;
  readonly onError: (error: unknown, writes: number) => void;
}

/** Writes that nobody waits for are gathered so long (ms), unless others take them along … */
const patience = 50;
/** … or so many wait. */
const patientWrites = 200;
/** A batch that grows further would keep its first writer waiting. */
const largestBatch = 1000;
const pauseAfterError = 500;

/**
 * Writes that share one commit. While one is under way the next ones gather; there is no other delay, so that a single writer waits
 * for nothing but its own commit.
 */
export class GroupCommit<Write> {
  readonly #options: GroupCommitOptions<Write>;
  #waiting: WaitingWrite<Write>[] = [];
  #isBusy = false;
  /** The last commit failed: what must happen goes alone, for it may be what the others need, such as room on the disk. */
  #goesAlone = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | null = null;
  #idle: (() => void)[] = [];

  constructor(options: GroupCommitOptions<Write>) {
    this.#options = options;
  }

  /** Somebody waits for it: as soon as possible. */
  urgent(write: Write): Promise<number> {
    const result = this.#add(write, false);
    this.#start();
    return result;
  }

  /** Rides along with the next commit, or goes alone a little later. */
  patient(write: Write): Promise<number> {
    const result = this.#add(write, true);
    if (this.#waiting.length >= patientWrites) this.#start();
    else this.#startIn(patience);
    return result;
  }

  /** Commits what waits and ends when all is done; what must happen but fails is given up, and so is what comes later. */
  async close(): Promise<void> {
    this.#startNow();
    while (this.#isBusy) await new Promise<void>((resolve) => void this.#idle.push(resolve));
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isClosed = true;
    for (const { failed } of this.#waiting.splice(0)) failed(hasEnded());
  }

  #add(write: Write, mustHappen: boolean): Promise<number> {
    if (this.#isClosed) return Promise.reject(hasEnded());
    return new Promise((done, failed) => void this.#waiting.push({ write, mustHappen, done, failed }));
  }

  #start(): void {
    if (!this.#isBusy) this.#startNow();
  }

  #startIn(delay: number): void {
    if (this.#isBusy) return;
    this.#timer ??= setTimeout(() => this.#start(), delay);
  }

  #startNow(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#isBusy || this.#waiting.length === 0) return;
    this.#isBusy = true;
    const batch = this.#nextBatch();
    this.#options.commit(batch.map(({ write }) => write)).then(
      (results) => {
        this.#goesAlone = false;
        for (const [at, { done }] of batch.entries()) done(results[at] ?? 0);
        this.#next(0);
      },
      (error) => {
        this.#options.onError(error, batch.length);
        this.#goesAlone = batch.some(({ mustHappen }) => !mustHappen);
        this.#waiting.unshift(...batch.filter(({ mustHappen }) => mustHappen));
        for (const { mustHappen, failed } of batch) if (!mustHappen) failed(error);
        this.#next(pauseAfterError);
      },
    );
  }

  #nextBatch(): readonly WaitingWrite<Write>[] {
    const mustHappen = this.#goesAlone ? this.#waiting.filter((write) => write.mustHappen) : [];
    if (mustHappen.length === 0) return this.#waiting.splice(0, largestBatch);
    const batch = mustHappen.slice(0, largestBatch);
    const taken = new Set(batch);
    this.#waiting = this.#waiting.filter((write) => !taken.has(write));
    return batch;
  }

  #next(pause: number): void {
    this.#isBusy = false;
    if (this.#idle.length > 0) {
      for (const resolve of this.#idle.splice(0)) resolve();
    } else if (this.#waiting.some(({ mustHappen }) => !mustHappen)) this.#startNow();
    else if (this.#waiting.length > 0) this.#startIn(Math.max(pause, patience));
  }
}

function hasEnded(): Error {
  return new Error('the queue has ended');
}
