import type { PlanModule, PlanUse } from '../../compiler/plan/plan.ts';
import { isReference } from '../../compiler/plan/plan.ts';
import { PublicSuffixSearch } from '../../runtime/dmarc/public-suffix-search.ts';
import { createLimits } from '../../runtime/limits/limits.ts';
import type { MessageContext, ModuleContext, ModuleInstance, Table } from '../../runtime/module.ts';
import { Metrics } from '../../runtime/observe/metrics.ts';
import { QueueClaims, QueueHosts } from '../../runtime/queue/hosts.ts';
import { type KnownRecords, knownResolver } from './resolver.ts';
import { recordingLog } from './session.ts';

/** A table in memory, for tests of modules that ask one. */
export function tableOfEntries(entries: Readonly<Record<string, readonly string[]>>): Table {
  const values = new Map(Object.entries(entries));
  return { lookup: (key) => values.get(key) ?? [] };
}

export interface ModuleContextOptions {
  readonly stateDir?: string;
  /** What `&name` leads to. */
  readonly named?: Readonly<Record<string, ModuleInstance>>;
  readonly plan?: PlanModule;
  /** Of helper programs. */
  readonly libexecDir?: string;
  /** What DNS says. */
  readonly dns?: KnownRecords;
}

/** The context of a module under test, and its log lines. */
export function moduleContext(options: ModuleContextOptions = {}): {
  readonly context: ModuleContext;
  readonly lines: readonly string[];
} {
  const { stateDir = '/nonexistent', libexecDir = '/nonexistent', named = {}, plan, dns = {} } = options;
  const lines: string[] = [];
  const resolve = (use: PlanUse): ModuleInstance => {
    const instance = isReference(use) ? named[use.use] : undefined;
    if (instance === undefined) throw new Error('the test has no such module');
    return instance;
  };
  const context: ModuleContext = {
    log: recordingLog(lines),
    stateDir,
    runtimeDir: '/nonexistent',
    libexecDir,
    debug: false,
    hostname: 'mx.test',
    resolver: knownResolver(dns),
    policySearch: new PublicSuffixSearch(knownResolver(dns)),
    mxPort: 25,
    metrics: new Metrics(),
    createLimits,
    keepsQueues: true,
    queues: new QueueClaims(new QueueHosts()),
    resolve,
    pipelineTarget: () => {
      throw new Error('the test has no pipelines');
    },
    plan: plan ?? { module: 'under.test', name: null, config: {}, at: [0, 1, 1] },
  };
  return { context, lines };
}

export function messageContext(changes: Partial<MessageContext> = {}): MessageContext {
  return {
    id: '00000001',
    client: { address: '192.0.2.1', port: 4711, helo: 'client.test', reverseName: async () => null, tls: false },
    auth: null,
    originalFrom: 'a@x.test',
    smtputf8: false,
    requireTls: false,
    declaredSize: null,
    quarantined: false,
    tlsNotRequired: false,
    ...changes,
  };
}
