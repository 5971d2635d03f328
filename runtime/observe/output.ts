import { setTimeout as later, setImmediate as soon } from 'node:timers';
import { monotonicTime } from '../monotonic-time.ts';
import { type LineFormat, maddyForm } from './line.ts';
import type { LogTarget } from './targets.ts';

/**
 * Where many come, lines are gathered this long and then written together: a write for each line costs more than the line. A
 * single one leaves at once: who has an answer of ours may look for the line about it.
 */
const gatherMilliseconds = 5;

/** Where the lines of a process go. Loggers keep the output; its targets may change. */
export interface LogOutput {
  readonly format: LineFormat;
  /** One line without its LF. */
  write(line: string, debug: boolean): void;
  /** What is gathered goes to the old targets, all later lines to the new ones. Old ones that are not among the new are closed. */
  setTargets(targets: readonly LogTarget[]): void;
  /** Opens files anew by their names (SIGUSR1). */
  reopen(): void;
  /** Writes out what is gathered; done when it has left the process. */
  flush(): Promise<void>;
  /** As `flush`, before the process ends in this very turn. */
  flushNow(): void;
  /** As `flush`, and what comes later is nobody's. */
  end(): Promise<void>;
}

export function createOutput(
  first: readonly LogTarget[],
  now: () => number = Date.now,
  format: LineFormat = maddyForm,
): LogOutput {
  return new GatheringOutput(first, now, format);
}

class GatheringOutput implements LogOutput {
  #targets: readonly LogTarget[];
  /** Unix ms. */
  readonly #now: () => number;
  readonly format: LineFormat;
  #scheduled = false;
  /** Of `monotonicTime`. */
  #lastWrite = Number.NEGATIVE_INFINITY;
  /** The time of the last line: many come in the same millisecond. */
  #stampTime = Number.NaN;
  #stamp = '';

  constructor(targets: readonly LogTarget[], now: () => number, format: LineFormat) {
    this.format = format;
    this.#targets = targets;
    this.#now = now;
  }

  write(line: string, debug: boolean): void {
    const { isComplete } = this.format;
    const marked = debug && !isComplete ? `[debug] ${line}` : line;
    for (const target of this.#targets) {
      target.append(target.timestamps && !isComplete ? `${this.#timestamp()} ${marked}\n` : `${marked}\n`, debug);
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (monotonicTime() - this.#lastWrite >= gatherMilliseconds) soon(this.#writeGathered);
    else later(this.#writeGathered, gatherMilliseconds);
  }

  readonly #writeGathered = (): void => {
    this.#scheduled = false;
    this.#lastWrite = monotonicTime();
    for (const target of this.#targets) target.write();
  };

  #timestamp(): string {
    const now = this.#now();
    if (now !== this.#stampTime) {
      this.#stampTime = now;
      this.#stamp = new Date(now).toISOString();
    }
    return this.#stamp;
  }

  setTargets(targets: readonly LogTarget[]): void {
    const old = this.#targets;
    this.#targets = targets;
    for (const target of old) {
      if (targets.includes(target)) continue;
      target.writeNow();
      target.close();
    }
  }

  reopen(): void {
    for (const target of this.#targets) target.reopen();
  }

  async flush(): Promise<void> {
    await Promise.all(this.#targets.map((target) => target.drain()));
  }

  flushNow(): void {
    for (const target of this.#targets) target.writeNow();
  }

  end(): Promise<void> {
    const written = this.flush();
    this.#targets = [];
    return written;
  }
}
