import type { Plan, PlanEndpoint } from '../compiler/plan/plan.ts';
import { MailEndpoint } from './endpoints/mail-endpoint.ts';
import { Instances } from './instances.ts';
import { LoadError } from './load-error.ts';
import { MemoryBudget } from './message/body-buffer.ts';
import type { ListenerTable } from './net/listener-table.ts';
import { createLogger } from './observe/line-logger.ts';
import type { Logger } from './observe/log.ts';
import type { LogOutput } from './observe/output.ts';
import { reasonOf } from './reason-of.ts';
import type { Ending } from './smtp/service.ts';

/** What outlives a configuration. */
export interface ServerSurroundings {
  readonly listeners: ListenerTable;
  readonly output: LogOutput;
  /** Debug lines whatever the configuration says. */
  readonly debug: boolean;
  readonly newMessageId: () => string;
  readonly reverseName: (address: string) => Promise<string | null>;
}

export interface Directories {
  /** Absolute. */
  readonly stateDir: string;
  readonly runtimeDir: string;
}

/** Message bodies that all sessions together keep in memory before they go to files. */
const memoryForBodies = 64 * 1024 * 1024;
/** What modules get to end their work, in milliseconds. */
const moduleStopTime = 2_000;

/** Everything that runs on one configuration. A reload makes a second one and ends the first. */
export class Generation {
  readonly #endpoints: readonly MailEndpoint[];
  readonly #instances: Instances;
  readonly #listeners: ListenerTable;

  private constructor(endpoints: readonly MailEndpoint[], instances: Instances, listeners: ListenerTable) {
    this.#endpoints = endpoints;
    this.#instances = instances;
    this.#listeners = listeners;
  }

  /** Makes all modules and endpoints, and starts none. The environment of the plan is resolved. Throws LoadError. */
  static async load(
    plan: Plan,
    { stateDir, runtimeDir }: Directories,
    server: ServerSurroundings,
  ): Promise<Generation> {
    const { output, listeners, newMessageId, reverseName } = server;
    const debugByDefault = server.debug || plan.globals.debug === true;
    const logFor = (name: string, debug: boolean): Logger =>
      createLogger({ output, name, debug: debug || debugByDefault });
    const instances = await Instances.load({ plan, log: logFor('', false), stateDir, runtimeDir, logFor });
    const memory = new MemoryBudget(memoryForBodies);
    const shared = { plan, instances, stateDir, runtimeDir, memory, logFor, newMessageId, reverseName };
    const endpoints = plan.endpoints.flatMap((endpoint, at) => {
      const name = protocolOf(endpoint);
      const pipeline = instances.routes.endpoints[at];
      if (name === null || pipeline === undefined || pipeline === null) return [];
      try {
        return [new MailEndpoint(endpoint, name, pipeline, shared)];
      } catch (error) {
        if (error instanceof LoadError) throw error;
        throw new LoadError(plan, [{ at: endpoint.at, message: String(reasonOf(error)) }], { cause: error });
      }
    });
    if (endpoints.length === 0) {
      throw new LoadError(plan, [{ at: null, message: 'at least one endpoint should be configured' }]);
    }
    instances.makeAll();
    return new Generation(endpoints, instances, listeners);
  }

  /** Starts modules and takes the addresses over. A failure leaves nothing open that was not open before. */
  async start(): Promise<void> {
    await this.#instances.start();
    for (const [at, endpoint] of this.#endpoints.entries()) {
      try {
        await endpoint.open(this.#listeners);
      } catch (error) {
        for (const opened of this.#endpoints.slice(0, at + 1)) await opened.release();
        await this.#instances.stop(Date.now() + moduleStopTime);
        throw new Error(`failed to start module ${endpoint.name}: ${endpoint.name}: ${reasonOf(error)}`, {
          cause: error,
        });
      }
    }
  }

  /** Takes the addresses again that another configuration had begun to take. */
  async reclaim(): Promise<void> {
    for (const endpoint of this.#endpoints) await endpoint.open(this.#listeners);
  }

  get ports(): ReadonlyMap<string, number> {
    return new Map(this.#endpoints.flatMap((endpoint) => [...endpoint.ports]));
  }

  /** Closes the listeners at once and the sessions as `ending` says, then stops the modules in reverse order. */
  async stop(ending: Ending): Promise<void> {
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.release()));
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.end(ending)));
    await this.#instances.stop(Date.now() + moduleStopTime);
  }

  /** As `stop`, for a configuration that another one replaced: its sessions go on until `shutdown_timeout`. */
  async retire(): Promise<void> {
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.release()));
    await Promise.all(
      this.#endpoints.map((endpoint) =>
        endpoint.end({ idleAfter: endpoint.shutdownTimeout, allAfter: endpoint.shutdownTimeout }),
      ),
    );
    await this.#instances.stop(Date.now() + moduleStopTime);
  }
}

function protocolOf({ module }: PlanEndpoint): MailEndpoint['name'] | null {
  return module === 'smtp' || module === 'submission' || module === 'lmtp' ? module : null;
}
