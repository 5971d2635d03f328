import type { At } from '../../plan/plan.ts';
import { chainSteps } from '../plan-values.ts';
import type { DestinationBlock, Pipeline, Rewriting, RoutedModule, Routes, SourceBlock } from '../routes.ts';

export interface Bounce {
  readonly queue: RoutedModule;
  readonly pipeline: Pipeline;
}

/** All that mail can come to from the endpoints. */
export interface Reach {
  readonly pipelines: readonly Pipeline[];
  /** In the order of discovery, targets and pipelines alike. */
  readonly modules: readonly RoutedModule[];
  readonly bounces: readonly Bounce[];
  /** What decides about addresses or rewrites them, by pipeline; those without any are left out. */
  readonly tables: ReadonlyMap<Pipeline, readonly TableUse[]>;
}

export interface TableUse {
  readonly table: RoutedModule;
  readonly side: 'sender' | 'recipient';
  readonly at: At;
  /** Whatever it makes of a recipient goes where the others of the block go, and nothing looks at it any more. */
  readonly isLastWord: boolean;
}

export function reachOf(routes: Routes): Reach {
  const pipelines = new Set<Pipeline>();
  const modules = new Set<RoutedModule>();
  const bounces: Bounce[] = [];
  const tables = new Map<Pipeline, TableUse[]>();
  const waiting: Pipeline[] = routes.endpoints.filter((pipeline) => pipeline !== null);
  const meet = (module: RoutedModule): void => {
    if (modules.has(module)) return;
    modules.add(module);
    if (module.pipeline !== null) waiting.push(module.pipeline);
    if (module.queue === null) return;
    const { target, bounce } = module.queue;
    if (bounce !== null) {
      bounces.push({ queue: module, pipeline: bounce });
      waiting.push(bounce);
    }
    meet(target);
  };
  for (let pipeline = waiting.pop(); pipeline !== undefined; pipeline = waiting.pop()) {
    if (pipelines.has(pipeline)) continue;
    pipelines.add(pipeline);
    for (const source of pipeline.sources.blocks) {
      for (const destination of source.destinations.blocks) {
        for (const rule of destination.deliveries) {
          if (rule.target === null) waiting.push(rule.pipeline);
          else meet(rule.target);
        }
      }
    }
    const used = tablesIn(pipeline);
    if (used.length > 0) tables.set(pipeline, used);
  }
  return { pipelines: [...pipelines], modules: [...modules], bounces, tables };
}

function tablesIn(pipeline: Pipeline): TableUse[] {
  const found: TableUse[] = [];
  const add = (uses: readonly Omit<Rewriting, 'module'>[], side: TableUse['side'], last?: Rewriting): void => {
    for (const use of uses) found.push({ table: use.table, at: use.at, side, isLastWord: use === last });
  };
  const addModifiers = ({ modifiers }: Pick<SourceBlock, 'modifiers'>, last?: Rewriting): void => {
    add(modifiers.sender, 'sender');
    add(modifiers.recipient, 'recipient', last);
  };
  addModifiers(pipeline);
  add(pipeline.sources.tables, 'sender');
  for (const source of pipeline.sources.blocks) {
    addModifiers(source);
    add(source.destinations.tables, 'recipient');
    for (const destination of source.destinations.blocks) addModifiers(destination, lastWordOf(destination));
  }
  return found;
}

function lastWordOf({ modifiers, deliveries }: DestinationBlock): Rewriting | undefined {
  const last = modifiers.recipient.at(-1);
  if (last === undefined) return undefined;
  const isEnd = deliveries.every(({ target }) => target !== null && pipelineBehind(target) === null);
  return isEnd ? last : undefined;
}

/** Tables that have nothing but the last word about recipients. */
export function lastWords({ tables }: Reach, routes: Routes): ReadonlySet<RoutedModule> {
  const uses = [...tables.values()].flat();
  const others = new Set<RoutedModule>();
  const addSteps = ({ plan }: RoutedModule): void => {
    for (const step of chainSteps(plan) ?? []) {
      const table = routes.moduleOf(step.table);
      if (table === null || others.has(table)) continue;
      others.add(table);
      addSteps(table);
    }
  };
  for (const { table, isLastWord } of uses) {
    if (!isLastWord) others.add(table);
    addSteps(table);
  }
  return new Set(uses.flatMap(({ table }) => (others.has(table) ? [] : [table])));
}

/**
 * Pipelines that a message passes which comes in by this one; a bounce is another message. Null when there are more blocks than
 * `most` to look at.
 */
export function pipelinesFrom(
  first: Pipeline,
  most: number,
): { readonly pipelines: ReadonlySet<Pipeline>; readonly blocks: number } | null {
  const pipelines = new Set<Pipeline>();
  const waiting = [first];
  let blocks = 0;
  for (let pipeline = waiting.pop(); pipeline !== undefined; pipeline = waiting.pop()) {
    if (pipelines.has(pipeline)) continue;
    pipelines.add(pipeline);
    for (const { destinations } of pipeline.sources.blocks) {
      for (const { deliveries } of destinations.blocks) {
        blocks += 1;
        if (blocks > most) return null;
        for (const rule of deliveries) {
          const inner = rule.target === null ? rule.pipeline : pipelineBehind(rule.target);
          if (inner !== null) waiting.push(inner);
        }
      }
    }
  }
  return { pipelines, blocks };
}

/** A target may be a pipeline, or a queue in front of one. */
function pipelineBehind(target: RoutedModule): Pipeline | null {
  const seen = new Set<RoutedModule>();
  let module = target;
  while (module.queue !== null && !seen.has(module)) {
    seen.add(module);
    module = module.queue.target;
  }
  return module.pipeline;
}
