import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Logger } from './log.ts';

const stepMilliseconds = 5_000;
/** So many steps in a row: a burst is no reason for advice. */
const saturatedSteps = 6;
const saturatedShare = 0.95;
/** Steps between two pieces of advice: an hour. */
const quietSteps = 720;

export interface LoopMonitorOptions {
  readonly log: Logger;
  /** Processes that share the work. */
  readonly workers: number;
  readonly cores?: number;
  /** Share of the time since the last call in which the event loop was busy, 0 to 1. */
  readonly busyShare?: () => number;
}

/** Advises more workers when one event loop has been at its limit for half a minute and cores are left. */
export class LoopMonitor {
  readonly #options: Required<LoopMonitorOptions>;
  #saturated = 0;
  #quiet = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: LoopMonitorOptions) {
    this.#options = { cores: availableParallelism(), busyShare: measureLoop(), ...options };
  }

  start(): void {
    if (this.#options.workers >= this.#options.cores) return;
    this.#timer = setInterval(() => this.step(), stepMilliseconds).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  step(): void {
    const { log, workers, cores, busyShare } = this.#options;
    const share = busyShare();
    this.#saturated = share >= saturatedShare ? this.#saturated + 1 : 0;
    this.#quiet = Math.max(0, this.#quiet - 1);
    if (this.#saturated < saturatedSteps || this.#quiet > 0) return;
    this.#quiet = quietSteps;
    const seconds = (this.#saturated * stepMilliseconds) / 1_000;
    log.message(
      `the event loop has been busy ${Math.round(share * 100)} % of the last ${seconds} s: sessions wait for each other. More workers would use the other cores (maddyc run --workers ${Math.min(cores, workers * 2)})`,
      { cores, workers },
    );
  }
}

function measureLoop(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
