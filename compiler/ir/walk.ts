import type { ExpandedArg } from '../expand/expanded.ts';
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

/** What there is in a program, also inside of other things; taken once for all rules. */
export interface Inventory {
  /** Endpoints, blocks, and what is written in place in them. */
  readonly modules: readonly Module[];
  /** The same by the names of their catalog entries. */
  readonly byEntry: ReadonlyMap<string, readonly Module[]>;
  /** Also those of `reroute` and `bounce`. */
  readonly pipelines: readonly Pipeline[];
}

export function takeInventory(program: Program): Inventory {
  const inventory = { modules: [] as Module[], byEntry: new Map<string, Module[]>(), pipelines: [] as Pipeline[] };
  // What is inherited from the top of the file is met again in each heir.
  const entered = new Set<Module>();
  const visit = (use: Use): void => {
    if (use instanceof Inline) enter(use.module);
  };
  const enter = (module: Module): void => {
    if (entered.has(module)) return;
    entered.add(module);
    inventory.modules.push(module);
    const alike = inventory.byEntry.get(module.entry.name);
    if (alike === undefined) inventory.byEntry.set(module.entry.name, [module]);
    else alike.push(module);
    for (const { value } of module.config.values()) visitUses(value, visit);
    for (const pipeline of [module.pipeline, module.bounce]) {
      if (pipeline !== null) visitPipeline(pipeline, visit, (inside) => inventory.pipelines.push(inside));
    }
  };
  for (const { value } of program.globals.values()) visitUses(value, visit);
  for (const endpoint of program.endpoints) enter(endpoint);
  for (const block of program.blocks.values()) enter(block.module);
  return inventory;
}

/** Modules of these entries, in the order of the names given. */
export function modulesNamed(inventory: Inventory, ...names: readonly string[]): readonly Module[] {
  return names.flatMap((name) => inventory.byEntry.get(name) ?? []);
}

export function sourcesOf(pipeline: Pipeline): readonly Source[] {
  const sources = pipeline.sourceTables.map((rule) => rule.block);
  for (const rule of pipeline.sources) sources.push(rule.block);
  sources.push(pipeline.defaultSource);
  return sources;
}

export function destinationsOf(source: Source): readonly Destination[] {
  const destinations = source.destinationTables.map((rule) => rule.block);
  for (const rule of source.destinations) destinations.push(rule.block);
  destinations.push(source.defaultDestination);
  return destinations;
}

export interface MatchWord {
  readonly word: ExpandedArg;
  readonly kind: 'source' | 'destination';
}

/** The addresses and domains of `source` and `destination` rules. */
export function* matchWordsOf({ pipelines }: Pick<Inventory, 'pipelines'>): Iterable<MatchWord> {
  for (const pipeline of pipelines) {
    for (const { rules } of pipeline.sources) for (const word of rules) yield { word, kind: 'source' };
    for (const source of sourcesOf(pipeline)) {
      for (const { rules } of source.destinations) for (const word of rules) yield { word, kind: 'destination' };
    }
  }
}

export function* actionsOf(pipeline: Pipeline): Iterable<Action> {
  for (const source of sourcesOf(pipeline)) {
    for (const destination of destinationsOf(source)) yield* destination.actions;
  }
}

/** References in a module, also in modules that are written in place inside it; those of `bounce` are another message's. */
export function referencesOf(module: Module): readonly Reference[] {
  const found: Reference[] = [];
  collectReferences(module, found);
  return found;
}

/** References in a pipeline alone. */
export function referencesOfPipeline(pipeline: Pipeline): readonly Reference[] {
  const found: Reference[] = [];
  visitPipeline(pipeline, (use) => collectUse(use, found));
  return found;
}

function collectReferences(module: Module, found: Reference[]): void {
  const collect = (use: Use): void => collectUse(use, found);
  for (const { value } of module.config.values()) visitUses(value, collect);
  if (module.pipeline !== null) visitPipeline(module.pipeline, collect);
}

function collectUse(use: Use, found: Reference[]): void {
  if (use instanceof Reference) found.push(use);
  else collectReferences(use.module, found);
}

function visitUses(value: Value | undefined, visit: (use: Use) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (isUse(value)) visit(value);
  else if (Array.isArray(value)) for (const inside of value) visitUses(inside, visit);
  else for (const inside of Object.values(value)) visitUses(inside, visit);
}

function visitPipeline(pipeline: Pipeline, visit: (use: Use) => void, entered?: (pipeline: Pipeline) => void): void {
  entered?.(pipeline);
  pipeline.checks.forEach(visit);
  pipeline.modifiers.forEach(visit);
  for (const rule of pipeline.sourceTables) visit(rule.table);
  for (const source of sourcesOf(pipeline)) {
    source.checks.forEach(visit);
    source.modifiers.forEach(visit);
    for (const rule of source.destinationTables) visit(rule.table);
    for (const destination of destinationsOf(source)) {
      destination.checks.forEach(visit);
      destination.modifiers.forEach(visit);
      for (const action of destination.actions) {
        if (action.kind === 'deliver') visit(action.target);
        else if (action.kind === 'reroute') visitPipeline(action.pipeline, visit, entered);
      }
    }
  }
}
