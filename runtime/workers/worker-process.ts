import cluster, { type Worker } from 'node:cluster';
import { monotonicTime } from '../monotonic-time.ts';
import type { ProcessFigures } from '../observe/exposition.ts';
import type { Sample } from '../observe/metrics.ts';
import type { LimitDesk, PermitAccount } from './limit-desk.ts';
import { isToPrimary, type ToPrimary, type ToWorker } from './messages.ts';

export interface WorkerEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface WorkerOptions {
  readonly limits: LimitDesk;
  readonly keepsQueues: boolean;
  /** It has no session of that configuration any more. */
  readonly onRetired: (generation: number) => void;
  /** It wants to know the figures of all. */
  readonly onCollect: () => Promise<readonly ProcessFigures[]>;
  readonly onEnd: (end: WorkerEnd) => void;
}

type PlanCommand = Extract<ToWorker, { readonly kind: 'start' | 'reload' }>;

/** One worker, as the primary sees it. */
export class WorkerProcess {
  readonly #worker: Worker;
  readonly #options: WorkerOptions;
  readonly #permits: PermitAccount;
  readonly #collecting = new Map<number, (figures: ProcessFigures | null) => void>();
  #lastRequest = 0;
  #whenDone: ((failure: string | null) => void) | null = null;
  #lastAnswer: Promise<unknown> = Promise.resolve();
  /** Of the configuration that it was last told to serve. */
  generation = 0;
  /** What it has counted, as far as it has told. */
  samples: readonly Sample[] = [];
  readonly startedAt = monotonicTime();
  hasEnded = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#permits = options.limits.openAccount();
    this.#worker = cluster.fork({ MADDYC_WORKER: '1' });
    this.#worker.on('message', (message: unknown) => {
      if (isToPrimary(message)) this.#receive(message);
    });
    // A message to a worker that is ending is nobody's.
    this.#worker.on('error', () => {});
    this.#worker.on('exit', (exitCode, signal) => this.#ended({ exitCode, signal }));
  }

  get keepsQueues(): boolean {
    return this.#options.keepsQueues;
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  /** Gives null, or why it does not serve that plan. One command at a time: its answer names no command. */
  command(message: PlanCommand): Promise<string | null> {
    const before = this.generation;
    this.generation = message.generation;
    const answer = this.#lastAnswer.then(async () => {
      const failure = await this.#ask(message);
      if (failure !== null) this.generation = before;
      return failure;
    });
    this.#lastAnswer = answer;
    return answer;
  }

  #ask(message: PlanCommand): Promise<string | null> {
    return new Promise((resolve) => {
      if (this.hasEnded) resolve('the worker has ended');
      else {
        this.#whenDone = resolve;
        this.tell(message);
      }
    });
  }

  tell(message: ToWorker): void {
    if (!this.hasEnded && this.#worker.isConnected()) this.#worker.send(message);
  }

  /** Null when it ends meanwhile. */
  collect(): Promise<ProcessFigures | null> {
    return new Promise((resolve) => {
      if (this.hasEnded) {
        resolve(null);
        return;
      }
      const request = ++this.#lastRequest;
      this.#collecting.set(request, resolve);
      this.tell({ kind: 'collect', request });
    });
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #receive(message: ToPrimary): void {
    switch (message.kind) {
      case 'done':
        this.#whenDone?.(message.failure);
        this.#whenDone = null;
        break;
      case 'retired':
        this.#options.onRetired(message.generation);
        break;
      case 'permit':
        void this.#permits
          .take(message)
          .then((granted) => this.tell({ kind: 'permitted', request: message.request, granted }));
        break;
      case 'release':
        this.#permits.release(message.request);
        break;
      case 'figures':
        this.samples = message.figures.samples;
        this.#collecting.get(message.request)?.(message.figures);
        this.#collecting.delete(message.request);
        break;
      case 'samples':
        this.samples = message.samples;
        break;
      case 'collect':
        void this.#options
          .onCollect()
          .then((processes) => this.tell({ kind: 'collected', request: message.request, processes }));
    }
  }

  #ended(end: WorkerEnd): void {
    this.hasEnded = true;
    this.#permits.close();
    this.#whenDone?.('the worker ended before it served');
    this.#whenDone = null;
    for (const resolve of this.#collecting.values()) resolve(null);
    this.#options.onEnd(end);
  }
}
