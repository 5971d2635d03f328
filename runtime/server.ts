import type { Plan } from '../compiler/plan/plan.ts';
import { directoriesOf, prepareDirectories } from './directories.ts';
import { StubResolver } from './dns/resolver.ts';
import { ReverseNames } from './dns/reverse-names.ts';
import { Generation, type ServerSurroundings } from './generation.ts';
import { createLimits, type LimitsFactory } from './limits/limits.ts';
import { ListenerTable } from './net/listener-table.ts';
import type { ProcessFigures } from './observe/exposition.ts';
import { createLogger } from './observe/line-logger.ts';
import type { LogFields, Logger } from './observe/log.ts';
import { LogChoice } from './observe/log-choice.ts';
import { Metrics, type Sample } from './observe/metrics.ts';
import { type MetricsSource, ProcessMetrics } from './observe/metrics-source.ts';
import type { LogOutput } from './observe/output.ts';
import { createMessageIds } from './pipeline/message-id.ts';
import { QueueHosts } from './queue/hosts.ts';
import { lookupBy } from './remote/reach.ts';
import type { Served } from './served.ts';
import { stopEnding } from './smtp/service.ts';
import type { StandIns } from './stand-ins.ts';
import type { InheritedSocket } from './systemd/inherited-sockets.ts';

export interface ServerOptions {
  readonly output: LogOutput;
  /** Targets of a configuration without a `log` directive; those that `output` has at first. */
  readonly logWords: readonly string[];
  /** Told by the lines that harnesses wait for. */
  readonly version: string;
  readonly debug: boolean;
  /** `HOST:PORT` of the DNS server to ask; null: the system's. */
  readonly dnsServer: string | null;
  /** Where the servers that MX records name listen; 25 when absent. */
  readonly mxPort?: number;
  readonly inherited?: readonly InheritedSocket[];
  /** When several processes serve together. */
  readonly role?: WorkerRole;
  readonly standIns?: StandIns;
  /** Where helper programs are; absolute. maddy's when absent. */
  readonly libexecDir?: string;
}

/** Which lines tell of a server's life: of several that serve together one tells of loading, and none that it runs. */
export type Announcement = 'everything' | 'loading' | 'nothing';

/** What one of several servers does not do by itself. */
export interface WorkerRole {
  readonly announces: Announcement;
  readonly createLimits: LimitsFactory;
  readonly keepsQueues: boolean;
  readonly metricsSource: (own: ProcessMetrics) => MetricsSource;
}

/** A mail server: one configuration at a time, on sockets that outlive it. */
export class MailServer implements Served {
  readonly #options: ServerOptions;
  readonly #surroundings: ServerSurroundings;
  readonly #log: Logger;
  readonly #resolver: StubResolver;
  readonly #listeners: ListenerTable;
  readonly #metrics = new Metrics();
  readonly #figures = new ProcessMetrics(this.#metrics);
  #announces: Announcement;
  #current: Generation | null = null;
  /** Configurations that were replaced and still have sessions. */
  readonly #retiring = new Set<Generation>();
  readonly #logChoice: LogChoice;

  constructor(options: ServerOptions) {
    const { output, debug, dnsServer, standIns } = options;
    this.#options = options;
    this.#logChoice = new LogChoice(output, options.logWords, options.role !== undefined);
    this.#log = createLogger({ output, name: '', debug });
    this.#resolver = new StubResolver(dnsServer);
    const resolver = standIns?.resolver ?? this.#resolver;
    this.#announces = options.role?.announces ?? 'everything';
    this.#listeners = new ListenerTable(options.inherited);
    this.#listeners.announces = this.#announces !== 'nothing';
    this.#surroundings = {
      listeners: this.#listeners,
      output,
      debug,
      newMessageId: createMessageIds(),
      queues: new QueueHosts(),
      metrics: this.#metrics,
      metricsSource: options.role?.metricsSource(this.#figures) ?? this.#figures,
      createLimits: options.role?.createLimits ?? createLimits,
      keepsQueues: options.role?.keepsQueues ?? true,
      resolver,
      ...(standIns !== undefined && { standIns }),
      // The server that was named is asked for everything; the system's way knows more places than DNS, such as search lists.
      ...(dnsServer !== null && { hostLookup: lookupBy(resolver) }),
      ...(options.mxPort !== undefined && { mxPort: options.mxPort }),
      reverseName: new ReverseNames(resolver).find,
    };
  }

  /** Loads a plan, whose environment is resolved, and serves it. Throws when it cannot, with nothing left open. */
  async start(plan: Plan): Promise<void> {
    await this.#logChoice.follow(plan);
    const generation = await this.#load(plan);
    this.#tellLoading('configuration loaded');
    await generation.start();
    this.#current = generation;
    this.#tellRunning('server started', { version: this.#options.version });
  }

  announce(what: Announcement): void {
    this.#announces = what;
    this.#listeners.announces = what !== 'nothing';
  }

  #tellLoading(text: string): void {
    if (this.#announces !== 'nothing') this.#log.message(text);
  }

  #tellRunning(text: string, fields: LogFields = {}): void {
    if (this.#announces === 'everything') this.#log.message(text, fields);
  }

  figures(): Promise<ProcessFigures> {
    return this.#figures.figures();
  }

  /** Counts and values so far. */
  samples(): Promise<readonly Sample[]> {
    return this.#metrics.samples();
  }

  async #load(plan: Plan): Promise<Generation> {
    const directories = directoriesOf(plan, this.#options.libexecDir);
    prepareDirectories(directories);
    return Generation.load(plan, directories, this.#surroundings);
  }

  /** As `load`, and what is logged goes where the plan says. */
  async #loadAndLog(plan: Plan): Promise<Generation> {
    const generation = await this.#load(plan);
    try {
      await this.#logChoice.follow(plan);
    } catch (error) {
      await generation.stop(stopEnding);
      throw error;
    }
    return generation;
  }

  /** Bound ports by address as written. */
  get ports(): ReadonlyMap<string, number> {
    return this.#current?.ports ?? new Map();
  }

  /**
   * Changes to another plan: sessions that are open go on under the old one, no connection is refused in between. What cannot
   * be loaded or started changes nothing, is logged, and comes back. `onRetired` is called when the last of those has ended.
   */
  async reload(loadPlan: () => Promise<Plan>, onRetired: () => void = () => {}): Promise<unknown> {
    const old = this.#current;
    if (old === null) return null;
    this.#tellRunning('loading new configuration...');
    const oldLogWords = this.#logChoice.words;
    let fresh: Generation;
    try {
      fresh = await this.#loadAndLog(await loadPlan());
    } catch (error) {
      if (this.#announces !== 'nothing') this.#log.error('failed to load new configuration', error);
      return error;
    }
    this.#tellLoading('configuration loaded');
    this.#tellLoading('starting new server');
    try {
      await fresh.start();
    } catch (error) {
      // A log file that cannot be opened any more is no reason to be silent: then the new place is kept.
      await this.#logChoice.take(oldLogWords).catch(() => {});
      if (this.#announces !== 'nothing') this.#log.error('failed to start new server', error);
      return error;
    }
    this.#current = fresh;
    this.#tellRunning('new server started', { version: this.#options.version });
    this.#tellRunning('stopping old server');
    this.#retiring.add(old);
    void this.#retire(old).then(onRetired);
    return null;
  }

  async #retire(old: Generation): Promise<void> {
    await old.retire();
    if (this.#retiring.delete(old)) this.#tellRunning('old server stopped');
  }

  /** Ends within five seconds (R9), old configurations included. */
  async stop(): Promise<void> {
    const running = [...this.#retiring, ...(this.#current === null ? [] : [this.#current])];
    this.#retiring.clear();
    this.#current = null;
    await Promise.all(running.map((generation) => generation.stop(stopEnding)));
    this.#resolver.close();
  }

  rotate(): void {
    this.#options.output.reopen();
  }

  /** Nothing outlives the process. */
  kill(): void {}
}
