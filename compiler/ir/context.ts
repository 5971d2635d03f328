import type { Dialect } from '../../grammar/dialect.ts';
import type { BlockName, BodySpec, DirectiveSpec, ModuleSpec } from '../catalog/define.ts';
import type { ExpandedArg, ExpandedDirective } from '../expand/expanded.ts';
import type { Finding } from './finding.ts';
import type { Config, MarkedDirective, Meaning, Pipeline, Property, Reference } from './ir.ts';
import { Meanings } from './meanings.ts';
import type { NamedModule, Registry } from './registry.ts';
import type { Units } from './units.ts';

/** What the stages of lowering share. Bodies, modules and pipelines hold each other, so they are reached through here. */
export interface Context {
  readonly dialect: Dialect;
  readonly registry: Registry;
  /** Names by which Madmail's directives can name an endpoint: its module, its addresses. */
  readonly endpointNames: ReadonlySet<string>;
  readonly meanings: Meanings;
  readonly references: Reference[];
  readonly secrets: ExpandedArg[];
  readonly marked: MarkedDirective[];
  /** Global directives; empty while they are read themselves. */
  globals: Config;
  /** maddy knows no block yet while it reads global directives. */
  readingGlobals: boolean;
  readonly stages: Stages;
  readonly units: Units;
  /** What stands where a directive is not written, read once for each. */
  readonly defaults: Map<DirectiveSpec, Property>;
  /** Rows of each table that have something to fill in. */
  readonly fillings: Map<BodySpec, readonly Filling[]>;
  /** How many more suggestions may be looked for: they cost much in a file that is full of unknown names. */
  suggestionsLeft: number;
  /** Blocks that a reference to an unknown name probably means: that nothing uses them follows from that. */
  readonly meant: Set<string>;
  /** Directives of pipelines that were not understood, and so neither was what they lead to. */
  readonly unread: Set<ExpandedDirective>;
  /** Blocks that are inside each other's configuration now; very long chains are put off to `postponed`. */
  depth: number;
  readonly postponed: NamedModule[];
  /** Pipelines that are values of directives, as `bounce`. */
  readonly nestedPipelines: Map<ExpandedDirective, Pipeline>;
}

const mostSuggestions = 200;

export function createContext(
  dialect: Dialect,
  stages: Stages,
  endpointNames: ReadonlySet<string>,
  units: Units,
): Context {
  return {
    dialect,
    endpointNames,
    units,
    registry: units.registry,
    meanings: new Meanings(),
    references: [],
    secrets: [],
    marked: [],
    globals: new Map(),
    readingGlobals: true,
    stages,
    defaults: new Map(),
    fillings: new Map(),
    suggestionsLeft: mostSuggestions,
    meant: new Set(),
    unread: new Set(),
    depth: 0,
    postponed: [],
    nestedPipelines: new Map(),
  };
}

/** Notes what a directive stands for, beside what is known already. */
export function note(context: Context, directive: ExpandedDirective, meaning: Meaning): void {
  context.meanings.note(directive, meaning);
}

/** A row that may be filled in, under the key that it fills. */
export interface Filling {
  readonly name: string;
  readonly key: string;
  readonly row: DirectiveSpec;
}

export interface Stages {
  /** A module at the place where it is written. */
  readonly module: (context: Context, input: ModuleInput, out: Finding[]) => ModuleResult;
  /** Reads a named block when it is met for the first time. */
  readonly configure: (context: Context, block: NamedModule, out: Finding[]) => void;
  readonly block: (context: Context, input: BlockInput, out: Finding[]) => ReadonlyMap<string, Property>;
  readonly pipeline: (context: Context, input: PipelineInput, out: Finding[]) => Pipeline;
}

export interface ModuleInput {
  readonly entry: ModuleSpec;
  /** Null for endpoints and modules that are written in place. */
  readonly name: string | null;
  /** The directive that names the module. */
  readonly header: ExpandedDirective;
  /** Arguments after the module's name; addresses of an endpoint. */
  readonly args: readonly ExpandedArg[];
  readonly block: readonly ExpandedDirective[] | null;
}

export interface ModuleResult {
  readonly config: Config;
  readonly pipeline: Pipeline | null;
  readonly bounce: Pipeline | null;
}

export interface BlockInput {
  readonly name: BlockName;
  readonly header: ExpandedDirective;
  readonly children: readonly ExpandedDirective[];
}

export interface PipelineInput {
  readonly header: ExpandedDirective;
  readonly directives: readonly ExpandedDirective[];
  /** Other directives that could stand beside them, for suggestions. */
  readonly siblings: readonly string[];
}
