import {
  type Action,
  type Destination,
  Inline,
  isUse,
  type Module,
  type Pipeline,
  type Program,
  Reference,
  type Source,
  type Use,
  type Value,
} from './ir.ts';

/** Ways through a program. Everything that stands in the file is met once; references are not followed. */

/** Every module: endpoints, blocks, and what is written in place in them. */
export function modulesOf(program: Program): readonly Module[] {
  const found: Module[] = [];
  for (const use of usesIn(program.globals.values())) addInside(use, found);
  for (const module of [...program.endpoints, ...[...program.blocks.values()].map((block) => block.module)]) {
    addModule(module, found);
  }
  return found;
}

function addModule(module: Module, found: Module[]): void {
  found.push(module);
  for (const use of usesOf(module)) addInside(use, found);
  if (module.bounce !== null) for (const use of usesOfPipeline(module.bounce)) addInside(use, found);
}

function addInside(use: Use, found: Module[]): void {
  if (use instanceof Inline) addModule(use.module, found);
}

/** Every pipeline, also those of `reroute` and `bounce`. */
export function pipelinesOf(program: Program): readonly Pipeline[] {
  const found: Pipeline[] = [];
  for (const module of modulesOf(program)) {
    if (module.pipeline !== null) addPipeline(module.pipeline, found);
    if (module.bounce !== null) addPipeline(module.bounce, found);
  }
  return found;
}

function addPipeline(pipeline: Pipeline, found: Pipeline[]): void {
  found.push(pipeline);
  for (const action of actionsOf(pipeline)) if (action.kind === 'reroute') addPipeline(action.pipeline, found);
}

export function sourcesOf(pipeline: Pipeline): readonly Source[] {
  return [
    ...pipeline.sourceTables.map((rule) => rule.block),
    ...pipeline.sources.map((rule) => rule.block),
    pipeline.defaultSource,
  ];
}

export function destinationsOf(source: Source): readonly Destination[] {
  return [
    ...source.destinationTables.map((rule) => rule.block),
    ...source.destinations.map((rule) => rule.block),
    source.defaultDestination,
  ];
}

export function actionsOf(pipeline: Pipeline): readonly Action[] {
  return sourcesOf(pipeline).flatMap((source) => destinationsOf(source).flatMap((destination) => destination.actions));
}

/** What a module uses directly; the way of a bounce is another message's and left out. */
function usesOf(module: Module): readonly Use[] {
  const own = usesIn(module.config.values());
  return module.pipeline === null ? own : [...own, ...usesOfPipeline(module.pipeline)];
}

function usesIn(properties: Iterable<{ readonly value: Value | undefined }>): readonly Use[] {
  const found: Use[] = [];
  for (const { value } of properties) collectUses(value, found);
  return found;
}

function collectUses(value: Value | undefined, found: Use[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (isUse(value)) found.push(value);
  else for (const inside of Object.values(value)) collectUses(inside, found);
}

function usesOfPipeline(pipeline: Pipeline): readonly Use[] {
  const found: Use[] = [...pipeline.checks, ...pipeline.modifiers, ...pipeline.sourceTables.map((rule) => rule.table)];
  for (const source of sourcesOf(pipeline)) {
    found.push(...source.checks, ...source.modifiers, ...source.destinationTables.map((rule) => rule.table));
    for (const destination of destinationsOf(source)) {
      found.push(...destination.checks, ...destination.modifiers);
      for (const action of destination.actions) {
        if (action.kind === 'deliver') found.push(action.target);
        else if (action.kind === 'reroute') found.push(...usesOfPipeline(action.pipeline));
      }
    }
  }
  return found;
}

/** References in a module, also in modules that are written in place inside it. */
export function referencesOf(module: Module): readonly Reference[] {
  return usesOf(module).flatMap(referencesIn);
}

/** References in a pipeline alone. */
export function referencesOfPipeline(pipeline: Pipeline): readonly Reference[] {
  return usesOfPipeline(pipeline).flatMap(referencesIn);
}

function referencesIn(use: Use): readonly Reference[] {
  return use instanceof Reference ? [use] : referencesOf(use.module);
}
