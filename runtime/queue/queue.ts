import type { Target } from '../module.ts';
import { monotonicTime } from '../monotonic-time.ts';
import type { Logger } from '../observe/log.ts';
import { createMessageIds } from '../pipeline/message-id.ts';
import type { BackOffRules } from './destinations.ts';
import { Dispatcher } from './dispatcher.ts';
import type { QueueHost } from './host.ts';
import type { QueueClaims } from './hosts.ts';
import { type BounceOptions, MessageProcessor } from './processor.ts';
import { queueTarget } from './queue-target.ts';
import { longestRetryDelay, type RetrySchedule } from './schedule.ts';
import type { QueueStore } from './store.ts';

export interface QueueOptions {
  /** Names the store: two configurations with the same place share it. */
  readonly place: string;
  /** False: another process delivers what is put in here. */
  readonly delivers: boolean;
  readonly openStore: (onError: (error: unknown) => void) => QueueStore;
  readonly queues: QueueClaims;
  readonly target: Target;
  readonly bounce: BounceOptions | null;
  readonly hostname: string;
  readonly schedule: RetrySchedule;
  readonly maxParallelism: number;
  /** For destinations that are one of many. */
  readonly destinations: BackOffRules;
  /** Milliseconds. */
  readonly postInitDelay: number;
  readonly log: Logger;
  readonly now: () => number;
  /** 0 to 1, a new one each time. */
  readonly chance: () => number;
}

/** What is left of the time to stop (ms), to write what the last deliveries came to. */
const timeToClose = 500;

/** `target.queue`: takes mail over, and sees to it that it is delivered or its sender told. */
export class Queue {
  readonly target: Target;
  readonly #options: QueueOptions;
  #host: QueueHost | null = null;
  #dispatcher: Dispatcher | null = null;
  #hasEnded = false;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.target = queueTarget({
      accept: async (message, fresh) => {
        if (this.#host === null) throw new Error('the queue is not open');
        await this.#host.accept(message, fresh);
      },
      destinationOf: (to) => options.target.destinationOf?.(to) ?? '',
      now: options.now,
    });
  }

  async start(): Promise<void> {
    const { log, queues, place, openStore } = this.#options;
    const onError = (error: unknown): void => {
      // What a delivery comes to that was given up is found out when it is repeated.
      if (!this.#hasEnded) log.error('queue storage', error);
    };
    const host = await queues.claim(place, () => openStore(onError), onError);
    this.#host = host;
    // A database that is away keeps nobody from starting (D26).
    const waiting = await host.store.count().catch(() => 0);
    if (!this.#options.delivers) return;
    if (waiting > 0) log.message(`loaded ${waiting} saved queue entries`);
    const dispatcher = this.#createDispatcher(host, onError);
    this.#dispatcher = dispatcher;
    host.attach(dispatcher);
  }

  /** Messages in it; 0 before it is open. */
  async length(): Promise<number> {
    return (await this.#host?.store.count()) ?? 0;
  }

  #createDispatcher(host: QueueHost, onError: (error: unknown) => void): Dispatcher {
    const { target, bounce, hostname, schedule, log, now, chance, maxParallelism, postInitDelay, destinations } =
      this.#options;
    const { store } = host;
    const processor = new MessageProcessor({
      store,
      target,
      bounce,
      hostname,
      schedule,
      log,
      now,
      chance,
      newMessageId: createMessageIds(),
      isPaused: (destination) => dispatcher.isPaused(destination),
    });
    const isOnePlace = target.destinationOf === undefined;
    const dispatcher = new Dispatcher({
      store,
      process: (ready) => processor.process(ready),
      maxParallelism,
      backOff: {
        concurrency: isOnePlace ? maxParallelism : destinations.concurrency,
        tolerance: destinations.tolerance,
        firstPause: Math.min(destinations.firstPause, schedule.initialRetryTime),
        longestPause: Math.min(destinations.longestPause, schedule.initialRetryTime),
      },
      postInitDelay,
      longestDelay: longestRetryDelay(schedule),
      now,
      onDue: (due) => host.notice(due),
      onError,
    });
    return dispatcher;
  }

  /** Begins nothing more; deliveries under way have until the deadline (of `monotonicTime`), and are repeated if they are not done then. */
  async stop(deadline: number): Promise<void> {
    const { queues, place } = this.#options;
    const dispatcher = this.#dispatcher;
    if (this.#host === null || dispatcher === null) return queues.release(place);
    this.#host.detach(dispatcher);
    const rest = Promise.withResolvers<void>();
    const timer = setTimeout(rest.resolve, Math.max(0, deadline - timeToClose - monotonicTime()));
    await Promise.race([dispatcher.drained(), rest.promise]);
    clearTimeout(timer);
    this.#host = null;
    this.#hasEnded = true;
    await queues.release(place);
  }
}
