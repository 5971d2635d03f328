import cluster from 'node:cluster';
import type { Plan } from '../../compiler/plan/plan.ts';
import { directoriesOf } from '../directories.ts';
import { monotonicTime } from '../monotonic-time.ts';
import type { ProcessFigures } from '../observe/exposition.ts';
import type { Logger } from '../observe/log.ts';
import { LogChoice } from '../observe/log-choice.ts';
import { addSamples, Metrics, metricDefinitions, type Sample } from '../observe/metrics.ts';
import type { LogOutput } from '../observe/output.ts';
import type { Served } from '../served.ts';
import type { InheritedSocket } from '../systemd/inherited-sockets.ts';
import { LimitDesk } from './limit-desk.ts';
import { type WorkerEnd, WorkerProcess } from './worker-process.ts';

export interface WorkerGroupOptions {
  readonly count: number;
  readonly output: LogOutput;
  /** Targets of a configuration without a `log` directive; those that `output` has at first. */
  readonly logWords: readonly string[];
  readonly log: Logger;
  readonly version: string;
  readonly inherited: readonly InheritedSocket[];
}

/** What a worker gets to end by itself; the manager and the harness wait five seconds (R9). */
const stopTime = 4_900;
const firstPause = 100;
const longestPause = 30_000;
/** A worker that has served so long did not die of its start. */
const soundAfter = 60_000;
/** Workers that die one after another while they take a configuration: that many are somebody's doing, more are its own. */
const mostLeads = 10;

/** `died`: whoever ended the worker, it was not its word about the configuration. */
type Start = { readonly failure: null } | { readonly failure: string; readonly died: boolean };

/** Several processes that serve one configuration on the same sockets. The primary accepts no connection itself. */
export class WorkerGroup implements Served {
  readonly #options: WorkerGroupOptions;
  readonly #limits = new LimitDesk();
  readonly #metrics = new Metrics();
  readonly #logChoice: LogChoice;
  readonly #workers = new Set<WorkerProcess>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  /** Who may have sessions of a configuration that is not the present one; the group itself while it changes from it. */
  readonly #retiring = new Map<number, Set<WorkerProcess | WorkerGroup>>();
  /** Counts of workers that have ended. */
  #departed: readonly Sample[] = [];
  #plan: Plan | null = null;
  /** Of the plan that is served; a plan that was refused has used up a number, too. */
  #generation = 0;
  #lastGeneration = 0;
  #pause = firstPause;
  #hasStarted = false;
  #isStopping = false;
  #whenEmpty: () => void = () => {};

  constructor(options: WorkerGroupOptions) {
    this.#options = options;
    this.#logChoice = new LogChoice(options.output, options.logWords, true);
    // Workers accept by themselves: each connection that goes through the primary costs 0.1 ms of it.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    const [, exec = '', ...args] = process.argv;
    cluster.setupPrimary({ exec, args, cwd: process.cwd() });
  }

  async start(plan: Plan): Promise<void> {
    const { count, log, version } = this.#options;
    await this.#logChoice.follow(plan);
    this.#plan = plan;
    const first = await this.#fork(true, plan);
    const others = first.failure === null ? Array.from({ length: count - 1 }, () => this.#fork(false, plan)) : [];
    for (const { failure } of [first, ...(await Promise.all(others))]) {
      if (failure === null) continue;
      this.kill();
      throw new Error(failure);
    }
    this.#hasStarted = true;
    log.message('server started', { version, workers: count });
  }

  async reload(loadPlan: () => Promise<Plan>): Promise<void> {
    const { log, version } = this.#options;
    log.message('loading new configuration...');
    let plan: Plan;
    try {
      plan = await loadPlan();
    } catch (error) {
      log.error('failed to load new configuration', error);
      return;
    }
    // Where the workers are until they serve the new plan.
    const directory = this.#plan === null ? process.cwd() : directoriesOf(this.#plan).stateDir;
    const old = this.#generation;
    const generation = ++this.#lastGeneration;
    this.#retiring.set(old, new Set([this, ...this.#workers]));
    if (!(await this.#lead(plan, generation))) {
      this.#retiring.delete(old);
      return;
    }
    this.#plan = plan;
    this.#generation = generation;
    await this.#logChoice
      .follow(plan, directory)
      .catch((error: unknown) => log.error('the log stays where it is', error));
    const others = [...this.#workers].filter((worker) => worker.generation !== generation);
    await Promise.all(others.map((worker) => this.#reloadOne(worker, plan, generation)));
    log.message('new server started', { version });
    log.message('stopping old server');
    this.#retired(this, old);
    this.#hurryRestarts();
  }

  /** The first worker that lives tells whether the plan can be served. When it cannot, that worker has logged it. */
  async #lead(plan: Plan, generation: number): Promise<boolean> {
    for (const worker of [...this.#workers]) {
      const failure = await worker.command({ kind: 'reload', plan, generation, leads: true });
      if (failure === null) return true;
      if (!worker.hasEnded) return false;
    }
    return this.#restartWith(plan, generation);
  }

  /** All have died: one comes back at once, with the new plan. */
  async #restartWith(plan: Plan, generation: number): Promise<boolean> {
    const before = { plan: this.#plan, generation: this.#generation };
    this.#plan = plan;
    this.#generation = generation;
    let reason = '';
    for (let lead = 1; lead <= mostLeads; lead += 1) {
      const [awaited] = this.#restarts;
      if (awaited !== undefined) this.#cancel(awaited);
      const start = await this.#fork(true, plan);
      if (start.failure === null) return true;
      reason = start.failure;
      if (!start.died || this.#isStopping) break;
    }
    this.#plan = before.plan;
    this.#generation = before.generation;
    // They come back with the plan that goes on to be served.
    for (const worker of this.#workers) if (worker.generation === generation) worker.kill();
    this.#options.log.message('failed to load new configuration', { reason });
    return false;
  }

  /** What has ended workers so far may have been the configuration that is gone now. */
  #hurryRestarts(): void {
    this.#pause = firstPause;
    for (const awaited of [...this.#restarts]) {
      this.#cancel(awaited);
      void this.#restart();
    }
  }

  #cancel(restart: NodeJS.Timeout): void {
    clearTimeout(restart);
    this.#restarts.delete(restart);
  }

  /** One that cannot follow is replaced: it would go on under the old rules. */
  async #reloadOne(worker: WorkerProcess, plan: Plan, generation: number): Promise<void> {
    this.#retiring.get(worker.generation)?.add(worker);
    const failure = await worker.command({ kind: 'reload', plan, generation, leads: false });
    if (failure === null || worker.hasEnded) return;
    this.#options.log.message('a worker cannot take the new configuration and is replaced', { reason: failure });
    worker.kill();
  }

  rotate(): void {
    for (const worker of this.#workers) worker.tell({ kind: 'rotate' });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const restart of this.#restarts) this.#cancel(restart);
    if (this.#workers.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenEmpty = resolve;
    const timer = setTimeout(() => this.kill(), stopTime);
    for (const worker of this.#workers) worker.tell({ kind: 'stop' });
    await promise;
    clearTimeout(timer);
  }

  kill(): void {
    this.#isStopping = true;
    for (const worker of this.#workers) worker.kill();
  }

  /** A new worker that does not serve ends, and is started again as others that end. */
  async #fork(leads: boolean, plan: Plan): Promise<Start> {
    const keepsQueues = ![...this.#workers].some((worker) => worker.keepsQueues);
    const worker: WorkerProcess = new WorkerProcess({
      limits: this.#limits,
      keepsQueues,
      onRetired: (generation) => this.#retired(worker, generation),
      onCollect: () => this.#collect(),
      onEnd: (end) => this.#ended(worker, end),
    });
    this.#workers.add(worker);
    const generation = this.#generation;
    const { inherited } = this.#options;
    let failure = await worker.command({ kind: 'start', plan, generation, leads, keepsQueues, inherited });
    // A reload has come in between that has not reached it.
    if (failure === null && this.#plan !== null && worker.generation !== this.#generation) {
      failure = await worker.command({ kind: 'reload', plan: this.#plan, generation: this.#generation, leads: false });
    }
    if (failure === null) return { failure };
    const died = worker.hasEnded;
    worker.kill();
    return { failure, died };
  }

  #retired(who: WorkerProcess | WorkerGroup, generation: number): void {
    const left = this.#retiring.get(generation);
    if (left === undefined || !left.delete(who) || left.size > 0) return;
    this.#retiring.delete(generation);
    this.#limits.forget(generation);
    if (!this.#isStopping) this.#options.log.message('old server stopped');
  }

  async #collect(): Promise<readonly ProcessFigures[]> {
    const figures = await Promise.all([...this.#workers].map((worker) => worker.collect()));
    const own: ProcessFigures = { samples: [...(await this.#metrics.samples()), ...this.#departed], platform: [] };
    return [own, ...figures.filter((each) => each !== null)];
  }

  #ended(worker: WorkerProcess, { exitCode, signal }: WorkerEnd): void {
    this.#workers.delete(worker);
    this.#departed = addSamples([...this.#departed, ...worker.samples.filter(isCount)]);
    for (const generation of [...this.#retiring.keys()]) this.#retired(worker, generation);
    if (this.#isStopping) {
      if (this.#workers.size === 0) this.#whenEmpty();
      return;
    }
    // Before that, whoever starts the group is told.
    if (!this.#hasStarted) return;
    if (monotonicTime() - worker.startedAt > soundAfter) this.#pause = firstPause;
    const pause = this.#pause;
    this.#pause = Math.min(this.#pause * 2, longestPause);
    const fields = { pid: worker.pid, exit_code: exitCode ?? undefined, signal: signal ?? undefined };
    this.#options.log.message('a worker ended and is started again', { ...fields, restart_in_ms: pause });
    this.#metrics.count('maddyc_worker_restarts', {});
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      void this.#restart();
    }, pause);
    this.#restarts.add(timer);
  }

  async #restart(): Promise<void> {
    const plan = this.#plan;
    if (plan === null || this.#isStopping) return;
    const { failure } = await this.#fork(false, plan);
    if (failure !== null && !this.#isStopping) {
      this.#options.log.message('a worker could not be started', { reason: failure });
    }
  }
}

function isCount({ name }: Sample): boolean {
  return metricDefinitions[name].kind === 'counter';
}
