import type { LookupFunction } from 'node:net';
import { isReference, type Plan, type PlanModule, type PlanUse } from '../compiler/plan/plan.ts';
import { compileRoutes } from '../compiler/routing/compile-routes.ts';
import type { RoutedModule, Routes } from '../compiler/routing/routes.ts';
import type { PolicySearch } from './dmarc/policy-search.ts';
import type { ReportRecorder } from './dmarc/report-data/report-recorder.ts';
import { policySearchOf } from './dmarc/search.ts';
import type { Resolver } from './dns/resolver.ts';
import type { LimitsFactory } from './limits/limits.ts';
import { LoadError, type LoadProblem } from './load-error.ts';
import type { ModuleContext, ModuleInstance } from './module.ts';
import { monotonicTime } from './monotonic-time.ts';
import type { Logger } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import { pipelineTarget } from './pipeline/pipeline-target.ts';
import type { PipelineServices } from './pipeline/services.ts';
import { planModules } from './plan-modules.ts';
import { QueueClaims, QueueHosts } from './queue/hosts.ts';
import { reasonOf } from './reason-of.ts';
import { explainMissing, loadModule, type RuntimeModule, runsModule } from './registry.ts';
import type { StandIns } from './stand-ins.ts';

const smtpPort = 25;
/** What a module gets beyond the deadline to notice that it is over, in milliseconds. */
const lastWordsTime = 100;

export interface InstanceOptions {
  readonly plan: Plan;
  readonly stateDir: string;
  readonly runtimeDir: string;
  readonly libexecDir: string;
  readonly resolver: Resolver;
  /** As this system finds names when absent. */
  readonly hostLookup?: LookupFunction;
  /** 25 when absent. */
  readonly mxPort?: number;
  readonly metrics: Metrics;
  readonly createLimits: LimitsFactory;
  readonly keepsQueues: boolean;
  /** Queues outlive a configuration; without them its queues are its own. */
  readonly queues?: QueueHosts;
  readonly standIns?: Pick<StandIns, 'modules'>;
  /** A logger for a module, with its own `debug`. */
  readonly logFor: (name: string, debug: boolean) => Logger;
}

/** The running modules of one plan: each block is made once, when somebody first names it. */
export class Instances {
  readonly routes: Routes;
  readonly #options: InstanceOptions;
  readonly #modules: ReadonlyMap<string, RuntimeModule>;
  /** In the order of creation, which is the order of their start. */
  readonly #made = new Map<PlanModule, ModuleInstance>();
  readonly #beingMade = new Set<PlanModule>();
  readonly #queues: QueueClaims;
  readonly #policySearch: PolicySearch;
  readonly #dmarcReports: ReportRecorder | null;

  private constructor(
    options: InstanceOptions,
    modules: ReadonlyMap<string, RuntimeModule>,
    policySearch: PolicySearch,
    dmarcReports: ReportRecorder | null,
  ) {
    this.#options = options;
    this.#modules = modules;
    this.#queues = new QueueClaims(options.queues ?? new QueueHosts());
    this.#policySearch = policySearch;
    this.#dmarcReports = dmarcReports;
    this.routes = compileRoutes(options.plan);
  }

  /** Loads the code of all modules that the plan names. Throws LoadError with every module that cannot run. */
  static async load(options: InstanceOptions): Promise<Instances> {
    const { plan } = options;
    const standIns = options.standIns?.modules ?? new Map<string, RuntimeModule>();
    const all = planModules(plan);
    const [first, ...others] = missingModules(all.filter(({ module }) => !standIns.has(module)));
    if (first !== undefined) throw new LoadError(plan, [first, ...others]);
    const modules = new Map<string, RuntimeModule>();
    for (const name of new Set(all.map(({ module }) => module))) {
      const loaded = standIns.get(name) ?? (await loadModule(name));
      if (loaded !== null) modules.set(name, loaded);
    }
    const policySearch = policySearchOf(plan.globals, options.resolver);
    return new Instances(options, modules, policySearch, await reportRecorderOf(options, policySearch));
  }

  /** The instance behind a use. Throws LoadError when the module cannot be made of its configuration. */
  readonly resolve = (use: PlanUse): ModuleInstance => {
    const { plan } = this.#options;
    const module = isReference(use) ? plan.blocks[use.use] : use;
    if (module === undefined) throw new Error(`the plan has no block ${isReference(use) ? use.use : ''}`);
    const known = this.#made.get(module);
    if (known !== undefined) return known;
    if (this.#beingMade.has(module)) {
      throw new LoadError(plan, [{ at: module.at, message: `${module.module} leads back to itself` }]);
    }
    this.#beingMade.add(module);
    const instance = this.#make(module);
    this.#beingMade.delete(module);
    this.#made.set(module, instance);
    return instance;
  };

  readonly instanceOf = (module: RoutedModule): ModuleInstance => {
    return this.#made.get(module.plan) ?? this.resolve(module.plan);
  };

  servicesOf(hostname: string, debug: boolean): PipelineServices {
    const { logFor, metrics } = this.#options;
    const policySearch = this.#policySearch;
    const dmarcReports = this.#dmarcReports;
    return { instanceOf: this.instanceOf, hostname, log: logFor('', debug), metrics, policySearch, dmarcReports };
  }

  #make(plan: PlanModule): ModuleInstance {
    const definition = this.#modules.get(plan.module);
    if (definition === undefined) return {};
    try {
      return definition.create(plan, this.#contextOf(plan));
    } catch (error) {
      if (error instanceof LoadError) throw error;
      const reason = reasonOf(error);
      const problem = { at: plan.at, message: `${plan.module}: ${reason}` };
      throw new LoadError(this.#options.plan, [problem], { cause: error });
    }
  }

  #contextOf(plan: PlanModule): ModuleContext {
    const {
      logFor,
      stateDir,
      runtimeDir,
      libexecDir,
      resolver,
      hostLookup,
      mxPort = smtpPort,
      metrics,
      createLimits,
      keepsQueues,
      plan: whole,
    } = this.#options;
    const debug = plan.config.debug === true;
    const named = plan.config.hostname ?? whole.globals.hostname;
    const hostname = typeof named === 'string' ? named : 'localhost';
    return {
      log: logFor(plan.module, debug),
      stateDir,
      runtimeDir,
      libexecDir,
      resolver,
      ...(hostLookup !== undefined && { hostLookup }),
      policySearch: this.#policySearch,
      mxPort,
      metrics,
      createLimits,
      keepsQueues,
      debug,
      hostname,
      resolve: this.resolve,
      queues: this.#queues,
      pipelineTarget: (pipeline) =>
        pipelineTarget(() => this.routes.pipelineOf(pipeline), this.servicesOf(hostname, debug)),
      plan,
    };
  }

  /** Makes every module of the plan, so that what cannot be made is known before anything starts. */
  makeAll(): void {
    const { plan } = this.#options;
    const endpoints = new Set<PlanModule>(plan.endpoints);
    for (const module of planModules(plan)) if (!endpoints.has(module)) this.resolve(module);
  }

  async start(): Promise<void> {
    this.#dmarcReports?.start();
    for (const instance of this.#made.values()) await instance.start?.();
  }

  /** In reverse order; each has until the deadline (of `monotonicTime`). Who takes longer holds up nobody (D26). */
  async stop(deadline: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.max(0, deadline + lastWordsTime - monotonicTime()));
    for (const instance of [...this.#made.values()].reverse()) await Promise.race([instance.stop?.(deadline), late]);
    await Promise.race([this.#dmarcReports?.stop(), late]);
    clearTimeout(timer);
  }
}

/** What stands there by default comes with the module that brings it. */
function missingModules(all: readonly PlanModule[]): readonly LoadProblem[] {
  const byPlace = new Map<string, LoadProblem>();
  for (const { module, at } of all) {
    const place = at.join(':');
    if (!runsModule(module) && !byPlace.has(place)) byPlace.set(place, { at, message: explainMissing(module) });
  }
  return [...byPlace.values()];
}

/** As the global `dmarc_report_data` says. */
async function reportRecorderOf(
  { plan, stateDir, logFor }: InstanceOptions,
  search: PolicySearch,
): Promise<ReportRecorder | null> {
  if (plan.globals.dmarc_report_data !== true) return null;
  const { ReportRecorder } = await import('./dmarc/report-data/report-recorder.ts');
  const { reportDatabasePath } = await import('./dmarc/report-data/report-database.ts');
  return new ReportRecorder(reportDatabasePath(stateDir), search, logFor('dmarc', false));
}
