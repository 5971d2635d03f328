import {
  isReference,
  type PlanAction,
  type PlanDestination,
  type PlanModule,
  type PlannedModules,
  type PlanPipeline,
  type PlanRule,
  type PlanSource,
  type PlanUse,
} from '../plan/plan.ts';
import { lookupAddress } from '../text/address.ts';
import { lookupDomain } from '../text/domain.ts';
import { isUse, useAt, usesAt } from './plan-values.ts';
import { scopeOf } from './prove/target-scope.ts';
import type {
  Choice,
  DeliveryRule,
  DestinationBlock,
  Modifiers,
  Pipeline,
  Rewriting,
  RoutedModule,
  RoutedUse,
  Routes,
  RuledBlock,
  SourceBlock,
} from './routes.ts';

/** Makes a plan ready for routing: names resolved, rules normalised into maps. Done once, not for each message. */
export function compileRoutes(plan: PlannedModules): Routes {
  return new RouteCompiler().compile(plan);
}

/** Filled in after it is known by name, so that a cycle (queue, bounce, pipeline, queue) finds its own beginning. */
interface OpenModule extends RoutedModule {
  plan: PlanModule;
  scope: RoutedModule['scope'];
  pipeline: Pipeline | null;
  queue: RoutedModule['queue'];
}

const nothing: readonly RoutedUse[] = [];
const noModifiers: Modifiers = { sender: [], recipient: [], body: [] };

/** Where such a block is named, nothing of what is in it is looked at. */
const pointedAt = /^(?:target|storage)\.|^msgpipeline$/;

/**
 * Compiles plans of one configuration, one after the other. Parts that the last plan had, too, as the same objects, are not compiled
 * again: they become parts of the new routes, and the old routes must not be used any more.
 */
export class RouteCompiler {
  readonly #named = new Map<string, OpenModule>();
  #blocks: Routes['blocks'] = {};
  #inPlace = new WeakMap<PlanModule, OpenModule>();
  #pipelines = new WeakMap<PlanPipeline, Pipeline>();
  /** Modules whose own pipelines are not compiled yet. */
  readonly #open: OpenModule[] = [];

  compile(plan: PlannedModules): Routes {
    this.#name(Object.entries(plan.blocks));
    const endpoints = plan.endpoints.map((endpoint) =>
      endpoint.pipeline === undefined ? null : this.pipeline(endpoint.pipeline),
    );
    this.#finish();
    return {
      endpoints,
      blocks: this.#blocks,
      moduleOf: (use) => (isUse(use) ? this.module(use) : null),
      pipelineOf: (pipeline) => this.pipeline(pipeline),
    };
  }

  #name(blocks: readonly (readonly [name: string, plan: PlanModule])[]): void {
    const canStay = ([name, plan]: readonly [string, PlanModule]): boolean => {
      const known = this.#named.get(name);
      return known?.plan === plan || (known?.module === plan.module && pointedAt.test(plan.module));
    };
    if (blocks.length !== this.#named.size || !blocks.every(canStay)) {
      this.#named.clear();
      this.#blocks = {};
      this.#inPlace = new WeakMap();
      this.#pipelines = new WeakMap();
    }
    for (const [name, plan] of blocks) {
      const known = this.#named.get(name);
      if (known === undefined) this.#named.set(name, this.#add(plan, name));
      else if (known.plan !== plan) {
        this.#blocks = {};
        Object.assign(known, { plan, scope: scopeOf(plan), pipeline: null, queue: null });
        this.#open.push(known);
      }
    }
  }

  /** Compiles what is behind modules until nothing new turns up. */
  #finish(): void {
    for (let next = this.#open.shift(); next !== undefined; next = this.#open.shift()) {
      const { plan } = next;
      if (plan.module === 'target.queue') {
        const target = useAt(plan.config, 'target');
        if (target !== null) {
          const bounce = plan.bounce === undefined ? null : this.pipeline(plan.bounce);
          next.queue = { target: this.module(target), bounce };
        }
      } else if (plan.pipeline !== undefined) next.pipeline = this.pipeline(plan.pipeline);
    }
  }

  module(use: PlanUse): OpenModule {
    if (!isReference(use)) {
      const known = this.#inPlace.get(use);
      if (known !== undefined) return known;
      const added = this.#add(use, null);
      this.#inPlace.set(use, added);
      return added;
    }
    const named = this.#named.get(use.use);
    if (named === undefined) throw new Error(`plan refers to a block that it does not hold: ${use.use}`);
    return named;
  }

  #add(plan: PlanModule, name: string | null): OpenModule {
    const module: OpenModule = { module: plan.module, name, plan, scope: scopeOf(plan), pipeline: null, queue: null };
    this.#open.push(module);
    return module;
  }

  pipeline(plan: PlanPipeline): Pipeline {
    const known = this.#pipelines.get(plan);
    if (known !== undefined) return known;
    const pipeline = {
      at: plan.at,
      checks: this.#checks(plan.checks),
      modifiers: this.#modifiers(plan.modifiers),
      dmarc: plan.dmarc,
      sources: this.#choice(plan.sourceTables, plan.sources, plan.defaultSource, (block) => this.#source(block)),
    };
    this.#pipelines.set(plan, pipeline);
    return pipeline;
  }

  #source(plan: PlanSource): SourceBlock {
    const { destinationTables, destinations, defaultDestination } = plan;
    return {
      at: plan.at,
      implicit: plan.implicit,
      checks: this.#checks(plan.checks),
      modifiers: this.#modifiers(plan.modifiers),
      destinations: this.#choice(destinationTables, destinations, defaultDestination, (block) =>
        this.#destination(block),
      ),
    };
  }

  #destination(plan: PlanDestination): DestinationBlock {
    const reject = plan.actions.find((action) => action.kind === 'reject');
    return {
      at: plan.at,
      implicit: plan.implicit,
      checks: this.#checks(plan.checks),
      modifiers: this.#modifiers(plan.modifiers),
      reject: reject === undefined ? null : { reply: reject.reply, at: reject.at },
      deliveries: plan.actions.flatMap((action) => this.#delivery(action)),
    };
  }

  #delivery(action: PlanAction): DeliveryRule[] {
    switch (action.kind) {
      case 'deliver':
        return [{ target: this.module(action.target), pipeline: null, at: action.at }];
      case 'reroute':
        return [{ target: null, pipeline: this.pipeline(action.pipeline), at: action.at }];
      case 'reject':
        return [];
    }
  }

  #choice<From, Block>(
    tables: readonly { readonly table: PlanUse; readonly block: From }[],
    ruled: readonly { readonly rules: readonly PlanRule[]; readonly block: From }[],
    fallback: From,
    compile: (block: From) => Block,
  ): Choice<Block> {
    const addresses = new Map<string, RuledBlock<Block>>();
    const domains = new Map<string, RuledBlock<Block>>();
    const blocks: Block[] = [];
    const compiled = ruled.map(({ rules, block }) => ({
      rules,
      texts: rules.map(({ text }) => text),
      block: compile(block),
    }));
    for (const { rules, texts, block } of compiled) {
      for (const rule of rules) {
        const address = lookupAddress(rule.text);
        const key = address ?? lookupDomain(rule.text);
        const map = address === null ? domains : addresses;
        // The first block that names a rule keeps it.
        if (key !== null && key !== '' && !map.has(key)) map.set(key, { rule, texts, block });
      }
    }
    const tabled = tables.map(({ table, block }) => ({
      table: this.module(table),
      at: table.at,
      block: compile(block),
    }));
    for (const { block } of tabled) blocks.push(block);
    for (const { block } of compiled) blocks.push(block);
    const last = compile(fallback);
    blocks.push(last);
    return { tables: tabled, addresses, domains, ruled: compiled, fallback: last, blocks };
  }

  #checks(uses: readonly PlanUse[]): readonly RoutedUse[] {
    return uses.length === 0 ? nothing : this.#members(uses, 'checks');
  }

  #modifiers(uses: readonly PlanUse[]): Modifiers {
    if (uses.length === 0) return noModifiers;
    const all = this.#members(uses, 'modifiers');
    const rewriting = (name: string): Rewriting[] =>
      all.flatMap(({ module, at }) => {
        const table = module.module === name ? useAt(module.plan.config, 'table') : null;
        return table === null ? [] : [{ module, at, table: this.module(table) }];
      });
    const sender = rewriting('modify.replace_sender');
    const recipient = rewriting('modify.replace_rcpt');
    const envelope = new Set([...sender, ...recipient].map(({ module }) => module));
    return { sender, recipient, body: all.filter(({ module }) => !envelope.has(module)) };
  }

  /** Members of groups stand where the group was named. */
  #members(uses: readonly PlanUse[], group: 'checks' | 'modifiers'): RoutedUse[] {
    return uses.flatMap((use) => {
      const module = this.module(use);
      if (module.module !== group) return [{ module, at: use.at }];
      return usesAt(module.plan.config, 'members').map((member) => ({ module: this.module(member), at: member.at }));
    });
  }
}
