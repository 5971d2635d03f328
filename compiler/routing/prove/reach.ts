import type { At } from '../../plan/plan.ts';
import type { Choice, DestinationBlock, Pipeline, RoutedModule, Routes, SourceBlock } from '../routes.ts';

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
}

export function reachOf(routes: Routes): Reach {
  const pipelines = new Set<Pipeline>();
  const modules = new Set<RoutedModule>();
  const bounces: Bounce[] = [];
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
    for (const source of blocksOf(pipeline.sources)) {
      for (const destination of blocksOf(source.destinations)) {
        for (const rule of destination.deliveries) {
          if (rule.target === null) waiting.push(rule.pipeline);
          else meet(rule.target);
        }
      }
    }
  }
  return { pipelines: [...pipelines], modules: [...modules], bounces };
}

/** Every block of a choice, the default one last. */
export function blocksOf<Block>({ tables, ruled, fallback }: Choice<Block>): readonly Block[] {
  return [...tables.map(({ block }) => block), ...ruled.map(({ block }) => block), fallback];
}

export interface TableUse {
  readonly table: RoutedModule;
  readonly side: 'sender' | 'recipient';
  readonly at: At;
}

/** Tables that decide about addresses or rewrite them. */
export function tablesOf({ pipelines }: Reach): readonly TableUse[] {
  return pipelines.flatMap(tablesIn);
}

/** Those of one pipeline. */
export function tablesIn(pipeline: Pipeline): readonly TableUse[] {
  const found: TableUse[] = [];
  const rewriting = ({ modifiers }: Pick<SourceBlock | DestinationBlock, 'modifiers'>): void => {
    for (const { table, at } of modifiers.sender) found.push({ table, at, side: 'sender' });
    for (const { table, at } of modifiers.recipient) found.push({ table, at, side: 'recipient' });
  };
  rewriting(pipeline);
  for (const { table, at } of pipeline.sources.tables) found.push({ table, at, side: 'sender' });
  for (const source of blocksOf(pipeline.sources)) {
    rewriting(source);
    for (const { table, at } of source.destinations.tables) found.push({ table, at, side: 'recipient' });
    for (const destination of blocksOf(source.destinations)) rewriting(destination);
  }
  return found;
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
    for (const { destinations } of blocksOf(pipeline.sources)) {
      for (const { deliveries } of blocksOf(destinations)) {
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
