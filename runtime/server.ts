import type { Plan } from '../compiler/plan/plan.ts';
import { textsAt } from '../compiler/routing/plan-values.ts';
import { directoriesOf, prepareDirectories } from './directories.ts';
import { StubResolver } from './dns/resolver.ts';
import { ReverseNames } from './dns/reverse-names.ts';
import { Generation, type ServerSurroundings } from './generation.ts';
import { ListenerTable } from './net/listener-table.ts';
import { createLogger } from './observe/line-logger.ts';
import type { Logger } from './observe/log.ts';
import { Metrics } from './observe/metrics.ts';
import { ProcessMetrics } from './observe/metrics-source.ts';
import type { LogOutput } from './observe/output.ts';
import { openTargets } from './observe/targets.ts';
import { createMessageIds } from './pipeline/message-id.ts';
import { QueueHosts } from './queue/hosts.ts';
import { stopEnding } from './smtp/service.ts';

export interface ServerOptions {
  readonly output: LogOutput;
  /** Targets of a configuration without a `log` directive; those that `output` has at first. */
  readonly logWords: readonly string[];
  /** Told by the lines that harnesses wait for. */
  readonly version: string;
  readonly debug: boolean;
  /** `HOST:PORT` of the DNS server to ask; null: the system's. */
  readonly dnsServer: string | null;
  /** Where helper programs are; absolute. maddy's when absent. */
  readonly libexecDir?: string;
}

/** A mail server: one configuration at a time, on sockets that outlive it. */
export class MailServer {
  readonly #options: ServerOptions;
  readonly #surroundings: ServerSurroundings;
  readonly #log: Logger;
  readonly #resolver: StubResolver;
  #current: Generation | null = null;
  /** Configurations that were replaced and still have sessions. */
  readonly #retiring = new Set<Generation>();
  #logWords: readonly string[];

  constructor(options: ServerOptions) {
    const { output, debug, dnsServer } = options;
    this.#options = options;
    this.#logWords = options.logWords;
    this.#log = createLogger({ output, name: '', debug });
    this.#resolver = new StubResolver(dnsServer);
    const metrics = new Metrics();
    this.#surroundings = {
      listeners: new ListenerTable(),
      output,
      debug,
      newMessageId: createMessageIds(),
      queues: new QueueHosts(),
      metrics,
      metricsSource: new ProcessMetrics(metrics),
      resolver: this.#resolver,
      reverseName: new ReverseNames(this.#resolver).find,
    };
  }

  /** Loads a plan, whose environment is resolved, and serves it. Throws when it cannot, with nothing left open. */
  async start(plan: Plan): Promise<void> {
    await this.#logTo(plan);
    const generation = await this.#load(plan);
    this.#log.message('configuration loaded');
    await generation.start();
    this.#current = generation;
    this.#log.message('server started', { version: this.#options.version });
  }

  async #load(plan: Plan): Promise<Generation> {
    const directories = directoriesOf(plan, this.#options.libexecDir);
    prepareDirectories(directories);
    return Generation.load(plan, directories, this.#surroundings);
  }

  async #logTo(plan: Plan): Promise<void> {
    const words = textsAt(plan.globals, 'log') ?? this.#options.logWords;
    if (words.join('\0') === this.#logWords.join('\0')) return;
    this.#options.output.setTargets(await openTargets(words));
    this.#logWords = words;
  }

  /** Bound ports by address as written. */
  get ports(): ReadonlyMap<string, number> {
    return this.#current?.ports ?? new Map();
  }

  /**
   * Changes to another plan: sessions that are open go on under the old one, no connection is refused in between. What cannot
   * be loaded or started changes nothing.
   */
  async reload(loadPlan: () => Promise<Plan>): Promise<void> {
    const old = this.#current;
    if (old === null) return;
    this.#log.message('loading new configuration...');
    let fresh: Generation;
    try {
      const plan = await loadPlan();
      fresh = await this.#load(plan);
      await this.#logTo(plan);
    } catch (error) {
      this.#log.error('failed to load new configuration', error);
      return;
    }
    this.#log.message('configuration loaded');
    this.#log.message('starting new server');
    try {
      await fresh.start();
    } catch (error) {
      this.#log.error('failed to start new server', error);
      await old.reclaim();
      return;
    }
    this.#current = fresh;
    this.#log.message('new server started', { version: this.#options.version });
    this.#log.message('stopping old server');
    this.#retiring.add(old);
    void this.#retire(old);
  }

  async #retire(old: Generation): Promise<void> {
    await old.retire();
    if (this.#retiring.delete(old)) this.#log.message('old server stopped');
  }

  /** Ends within five seconds (R9), old configurations included. */
  async stop(): Promise<void> {
    const running = [...this.#retiring, ...(this.#current === null ? [] : [this.#current])];
    this.#retiring.clear();
    this.#current = null;
    await Promise.all(running.map((generation) => generation.stop(stopEnding)));
    this.#resolver.close();
  }
}
