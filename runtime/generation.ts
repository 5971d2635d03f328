import type { LookupFunction } from 'node:net';
import type { Plan, PlanEndpoint } from '../compiler/plan/plan.ts';
import type { Resolver } from './dns/resolver.ts';
import type { Endpoint, EndpointSurroundings } from './endpoints/endpoint.ts';
import { MailEndpoint } from './endpoints/mail-endpoint.ts';
import { MetricsEndpoint } from './endpoints/metrics-endpoint.ts';
import { SaslEndpoint } from './endpoints/sasl-endpoint.ts';
import { Instances } from './instances.ts';
import type { LimitsFactory } from './limits/limits.ts';
import { LoadError } from './load-error.ts';
import { MemoryBudget } from './message/body-buffer.ts';
import type { Eventually } from './module.ts';
import { monotonicTime } from './monotonic-time.ts';
import type { ListenerTable } from './net/listener-table.ts';
import { createLogger } from './observe/line-logger.ts';
import type { Logger } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import type { MetricsSource } from './observe/metrics-source.ts';
import type { LogOutput } from './observe/output.ts';
import type { QueueHosts } from './queue/hosts.ts';
import { reasonOf } from './reason-of.ts';
import type { Ending } from './smtp/service.ts';
import type { StandIns } from './stand-ins.ts';

/** What outlives a configuration. */
export interface ServerSurroundings {
  readonly listeners: ListenerTable;
  readonly output: LogOutput;
  /** Debug lines whatever the configuration says. */
  readonly debug: boolean;
  readonly newMessageId: () => string;
  readonly queues: QueueHosts;
  readonly createLimits: LimitsFactory;
  readonly keepsQueues: boolean;
  readonly metrics: Metrics;
  readonly metricsSource: MetricsSource;
  readonly resolver: Resolver;
  readonly hostLookup?: LookupFunction;
  readonly mxPort?: number;
  readonly standIns?: StandIns;
  readonly reverseName: (address: string) => Eventually<string | null>;
}

export interface Directories {
  /** Absolute. */
  readonly stateDir: string;
  readonly runtimeDir: string;
  /** `--libexec`: helper programs. */
  readonly libexecDir: string;
}

/** Message bodies that all sessions together keep in memory before they go to files. */
const memoryForBodies = 64 * 1024 * 1024;
/** What modules get to end their work, in milliseconds: what a server has taken and not yet answered for is sent twice otherwise. */
const moduleStopTime = 3_000;
/** The same after a reload, which nobody waits for: longer than any server may think about a message (RFC 5321 section 4.5.3.2.6). */
const retiredModuleStopTime = 660_000;
/** What sessions and modules get together: nobody waits longer than five seconds for the end of the process (R9). */
const wholeStopTime = 4_600;

/** Everything that runs on one configuration. A reload makes a second one and ends the first. */
export class Generation {
  readonly #endpoints: readonly Endpoint[];
  readonly #instances: Instances;
  readonly #listeners: ListenerTable;

  private constructor(endpoints: readonly Endpoint[], instances: Instances, listeners: ListenerTable) {
    this.#endpoints = endpoints;
    this.#instances = instances;
    this.#listeners = listeners;
  }

  /** Makes all modules and endpoints, and starts none. The environment of the plan is resolved. Throws LoadError. */
  static async load(plan: Plan, directories: Directories, server: ServerSurroundings): Promise<Generation> {
    const { output, listeners, newMessageId, reverseName, metrics, metricsSource, resolver, createLimits } = server;
    const debugByDefault = server.debug || plan.globals.debug === true;
    const logFor = (name: string, debug: boolean): Logger =>
      createLogger({ output, name, debug: debug || debugByDefault });
    const instances = await Instances.load({
      plan,
      ...directories,
      logFor,
      resolver,
      ...(server.hostLookup !== undefined && { hostLookup: server.hostLookup }),
      ...(server.mxPort !== undefined && { mxPort: server.mxPort }),
      metrics,
      createLimits,
      keepsQueues: server.keepsQueues,
      queues: server.queues,
      ...(server.standIns !== undefined && { standIns: server.standIns }),
    });
    const memory = new MemoryBudget(memoryForBodies, true);
    const shared = {
      plan,
      instances,
      ...directories,
      memory,
      logFor,
      newMessageId,
      reverseName,
      metrics,
      metricsSource,
    };
    try {
      const endpoints = plan.endpoints.flatMap((endpoint, at) => makeEndpoint(endpoint, at, shared));
      if (endpoints.length === 0) {
        throw new LoadError(plan, [{ at: null, message: 'at least one endpoint should be configured' }]);
      }
      instances.makeAll();
      return new Generation(endpoints, instances, listeners);
    } catch (error) {
      await instances.stop(monotonicTime() + moduleStopTime);
      throw error;
    }
  }

  /** Starts modules and takes the addresses over. A failure changes nothing for those who serve there now. */
  async start(): Promise<void> {
    try {
      await this.#instances.start();
      for (const endpoint of this.#endpoints) await openEndpoint(endpoint, this.#listeners);
      // All in one turn: no connection meets half of a configuration.
      for (const endpoint of this.#endpoints) endpoint.serve();
    } catch (error) {
      for (const endpoint of this.#endpoints) await endpoint.release();
      await this.#instances.stop(monotonicTime() + moduleStopTime);
      throw error;
    }
  }

  get ports(): ReadonlyMap<string, number> {
    return new Map(this.#endpoints.flatMap((endpoint) => [...endpoint.ports]));
  }

  /** Closes the listeners at once and the sessions as `ending` says, then stops the modules in reverse order. */
  async stop(ending: Ending): Promise<void> {
    const deadline = monotonicTime() + wholeStopTime;
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.release()));
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.end(ending)));
    await this.#instances.stop(Math.min(deadline, monotonicTime() + moduleStopTime));
  }

  /** As `stop`, for a configuration that another one replaced: its sessions go on until `shutdown_timeout`. */
  async retire(): Promise<void> {
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.release()));
    await Promise.all(
      this.#endpoints.map((endpoint) =>
        endpoint.end({ idleAfter: endpoint.shutdownTimeout, allAfter: endpoint.shutdownTimeout }),
      ),
    );
    await this.#instances.stop(monotonicTime() + retiredModuleStopTime);
  }
}

function makeEndpoint(plan: PlanEndpoint, at: number, shared: EndpointSurroundings): readonly Endpoint[] {
  try {
    const protocol = protocolOf(plan);
    const pipeline = shared.instances.routes.endpoints[at] ?? null;
    if (protocol !== null && pipeline !== null) return [new MailEndpoint(plan, protocol, pipeline, shared)];
    if (plan.module === 'openmetrics') return [new MetricsEndpoint(plan, shared)];
    return plan.module === 'dovecot_sasld' ? [new SaslEndpoint(plan, shared)] : [];
  } catch (error) {
    if (error instanceof LoadError) throw error;
    throw new LoadError(shared.plan, [{ at: plan.at, message: reasonOf(error) }], { cause: error });
  }
}

async function openEndpoint(endpoint: Endpoint, listeners: ListenerTable): Promise<void> {
  try {
    await endpoint.open(listeners);
  } catch (error) {
    throw new Error(`failed to start module ${endpoint.name}: ${endpoint.name}: ${reasonOf(error)}`, { cause: error });
  }
}

function protocolOf({ module }: PlanEndpoint): MailEndpoint['name'] | null {
  return module === 'smtp' || module === 'submission' || module === 'lmtp' ? module : null;
}
