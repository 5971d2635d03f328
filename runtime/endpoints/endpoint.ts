import type { Plan } from '../../compiler/plan/plan.ts';
import type { Instances } from '../instances.ts';
import type { MemoryBudget } from '../message/body-buffer.ts';
import type { Eventually } from '../module.ts';
import type { ListenerTable } from '../net/listener-table.ts';
import type { Logger } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { MetricsSource } from '../observe/metrics-source.ts';
import type { Ending } from '../smtp/service.ts';

/** What the endpoints of one configuration share. */
export interface EndpointSurroundings {
  readonly plan: Plan;
  readonly instances: Instances;
  readonly stateDir: string;
  readonly runtimeDir: string;
  readonly memory: MemoryBudget;
  readonly logFor: (name: string, debug: boolean) => Logger;
  readonly newMessageId: () => string;
  readonly metrics: Metrics;
  readonly metricsSource: MetricsSource;
  readonly reverseName: (address: string) => Eventually<string | null>;
}

/** A part of a configuration that others connect to. */
export interface Endpoint {
  /** Of its module: `smtp`. */
  readonly name: string;
  /** What connections get after a reload has replaced their configuration, in milliseconds. */
  readonly shutdownTimeout: number;
  /** Opens the addresses that are not open yet. */
  open(listeners: ListenerTable): Promise<void>;
  /** Takes the addresses over: connections from now on are served here. */
  serve(): void;
  /** Ports by address as written; those of sockets are left out. */
  readonly ports: ReadonlyMap<string, number>;
  /** Takes no new connections any more, unless somebody else has taken an address over. */
  release(): Promise<void>;
  /** Done when the last connection has ended. */
  end(ending: Ending): Promise<void>;
}
