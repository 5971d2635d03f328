import type { ModuleSpec } from '../catalog/define.ts';
import type { ExpandedArg } from '../expand/expanded.ts';
import {
  type Action,
  type AddressRule,
  type Destination,
  Inline,
  isDeferred,
  isList,
  isUse,
  type Module,
  type Pipeline,
  type Program,
  Reference,
  type Source,
  type Use,
  type Value,
} from './ir.ts';
import { isPlainType } from './read-value.ts';

/** Ways through a program. Everything that stands in the file is met once; references are not followed. */

/** What there is in a program, also inside of other things; taken once for all rules. */
export interface Inventory {
  /** Endpoints, blocks, and what is written in place in them. */
  readonly modules: readonly Module[];
  /** The same by the names of their catalog entries. */
  readonly byEntry: ReadonlyMap<string, readonly Module[]>;
  /** Also those of `reroute` and `bounce`. */
  readonly pipelines: readonly Pipeline[];
  /** Of all pipelines. */
  readonly sources: readonly Source[];
  readonly actions: readonly Action[];
  /** The addresses and domains of `source` and `destination` rules. */
  readonly matchWords: readonly MatchWord[];
}

export interface MatchWord {
  readonly word: ExpandedArg;
  readonly kind: 'source' | 'destination';
}

export function takeInventory(program: Program): Inventory {
  const modules: Module[] = [];
  const byEntry = new Map<string, Module[]>();
  const pipelines: Pipeline[] = [];
  const sources: Source[] = [];
  const actions: Action[] = [];
  const matchWords: MatchWord[] = [];
  const holders = new Map<ModuleSpec, boolean>();
  const mayHoldUses = (entry: ModuleSpec): boolean => {
    let known = holders.get(entry);
    if (known === undefined) {
      known = takesModules(entry);
      holders.set(entry, known);
    }
    return known;
  };
  // What is inherited from the top of the file is met again in each heir.
  const entered = new Set<Module>();
  const visit = (use: Use): void => {
    if (use instanceof Inline) enter(use.module);
  };
  const note = (kind: MatchWord['kind'], rules: readonly AddressRule<unknown>[]): void => {
    for (const rule of rules) for (const word of rule.rules) matchWords.push({ word, kind });
  };
  const inside: PipelineParts = {
    pipeline: (pipeline) => {
      pipelines.push(pipeline);
      note('source', pipeline.sources);
    },
    source: (source) => {
      sources.push(source);
      note('destination', source.destinations);
    },
    action: (action) => actions.push(action),
  };
  const enter = (module: Module): void => {
    if (entered.has(module)) return;
    entered.add(module);
    modules.push(module);
    const alike = byEntry.get(module.entry.name);
    if (alike === undefined) byEntry.set(module.entry.name, [module]);
    else alike.push(module);
    if (mayHoldUses(module.entry)) for (const { value } of module.config.values()) visitUses(value, visit);
    if (module.pipeline !== null) visitPipeline(module.pipeline, visit, inside);
    if (module.bounce !== null) visitPipeline(module.bounce, visit, inside);
  };
  for (const { value } of program.globals.values()) visitUses(value, visit);
  for (const endpoint of program.endpoints) enter(endpoint);
  for (const block of program.blocks.values()) enter(block.module);
  return { modules, byEntry, pipelines, sources, actions, matchWords };
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

/** Otherwise no value of its configuration holds a module. */
function takesModules({ directives, inlineArgs, unknown }: ModuleSpec): boolean {
  if (inlineArgs.rule === 'module' || typeof unknown === 'object') return true;
  return Object.values(directives).some(({ type }) => !isPlainType(type));
}

function visitUses(value: Value | undefined, visit: (use: Use) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (isUse(value)) visit(value);
  else if (isList(value)) for (const inside of value) visitUses(inside, visit);
  else if (!isDeferred(value)) for (const key in value) visitUses(value[key], visit);
}

/** What is told of a pipeline on the way through it, before what is in it. */
interface PipelineParts {
  pipeline(pipeline: Pipeline): void;
  source(source: Source): void;
  action(action: Action): void;
}

function visitPipeline(pipeline: Pipeline, visit: (use: Use) => void, parts?: PipelineParts): void {
  parts?.pipeline(pipeline);
  pipeline.checks.forEach(visit);
  pipeline.modifiers.forEach(visit);
  for (const { table } of pipeline.sourceTables) visit(table);
  for (const { block } of pipeline.sourceTables) visitSource(block, visit, parts);
  for (const { block } of pipeline.sources) visitSource(block, visit, parts);
  visitSource(pipeline.defaultSource, visit, parts);
}

function visitSource(source: Source, visit: (use: Use) => void, parts?: PipelineParts): void {
  parts?.source(source);
  source.checks.forEach(visit);
  source.modifiers.forEach(visit);
  for (const { table } of source.destinationTables) visit(table);
  for (const { block } of source.destinationTables) visitDestination(block, visit, parts);
  for (const { block } of source.destinations) visitDestination(block, visit, parts);
  visitDestination(source.defaultDestination, visit, parts);
}

function visitDestination(destination: Destination, visit: (use: Use) => void, parts?: PipelineParts): void {
  destination.checks.forEach(visit);
  destination.modifiers.forEach(visit);
  for (const action of destination.actions) {
    parts?.action(action);
    if (action.kind === 'deliver') visit(action.target);
    else if (action.kind === 'reroute') visitPipeline(action.pipeline, visit, parts);
  }
}
