import type { At } from '../../plan/plan.ts';
import type { DestinationBlock, Pipeline, RoutedModule, Routes, SourceBlock } from '../routes.ts';

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
  tablesOfModifiers(pipeline, found);
  for (const { table, at } of pipeline.sources.tables) found.push({ table, at, side: 'sender' });
  for (const source of pipeline.sources.blocks) {
    tablesOfModifiers(source, found);
    for (const { table, at } of source.destinations.tables) found.push({ table, at, side: 'recipient' });
    for (const destination of source.destinations.blocks) tablesOfModifiers(destination, found);
  }
  return found;
}

function tablesOfModifiers({ modifiers }: Pick<SourceBlock | DestinationBlock, 'modifiers'>, found: TableUse[]): void {
  for (const { table, at } of modifiers.sender) found.push({ table, at, side: 'sender' });
  for (const { table, at } of modifiers.recipient) found.push({ table, at, side: 'recipient' });
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
