import { Inline, isUse, type Module, type Pipeline, Reference, type Source, type Use, type Value } from './ir.ts';

/** References in what a module is made of, also in modules that are written in place inside it. */
export function referencesOf(module: Module): readonly Reference[] {
  const found: Reference[] = [];
  collectModule(module, found);
  return found;
}

/** References in a pipeline alone. */
export function referencesOfPipeline(pipeline: Pipeline): readonly Reference[] {
  const found: Reference[] = [];
  collectPipeline(pipeline, found);
  return found;
}

/** `bounce` is left out: it is another message's way. */
function collectModule(module: Module, found: Reference[]): void {
  for (const property of module.config.values()) collectValue(property.value, found);
  if (module.pipeline !== null) collectPipeline(module.pipeline, found);
}

function collectValue(value: Value | undefined, found: Reference[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (isUse(value)) collectUse(value, found);
  else for (const inside of Object.values(value)) collectValue(inside, found);
}

function collectUse(use: Use, found: Reference[]): void {
  if (use instanceof Inline) collectModule(use.module, found);
  else if (use instanceof Reference) found.push(use);
}

function collectPipeline(pipeline: Pipeline, found: Reference[]): void {
  for (const use of [...pipeline.checks, ...pipeline.modifiers]) collectUse(use, found);
  for (const rule of pipeline.sourceTables) {
    collectUse(rule.table, found);
    collectSource(rule.block, found);
  }
  for (const rule of pipeline.sources) collectSource(rule.block, found);
  collectSource(pipeline.defaultSource, found);
}

function collectSource(source: Source, found: Reference[]): void {
  for (const use of [...source.checks, ...source.modifiers]) collectUse(use, found);
  for (const rule of source.destinationTables) collectUse(rule.table, found);
  const destinations = [
    ...source.destinationTables.map((rule) => rule.block),
    ...source.destinations.map((rule) => rule.block),
    source.defaultDestination,
  ];
  for (const destination of destinations) {
    for (const use of [...destination.checks, ...destination.modifiers]) collectUse(use, found);
    for (const action of destination.actions) {
      if (action.kind === 'deliver') collectUse(action.target, found);
      else if (action.kind === 'reroute') collectPipeline(action.pipeline, found);
    }
  }
}
