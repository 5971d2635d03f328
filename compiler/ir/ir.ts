import type { BodySpec, DirectiveSpec, ModuleSpec } from '../catalog/define.ts';
import type { PipelineContext } from '../catalog/pipeline.ts';
import type { ExpandedArg, ExpandedDirective } from '../expand/expanded.ts';
import type { Deferred, ReplyValue } from '../plan/plan.ts';
import type { Origin } from '../source/origin.ts';

/**
 * What a configuration means, with every name resolved and every value typed. It stays usable for broken files: what
 * could not be read is missing, and the findings say so.
 */
export interface Program {
  readonly globals: Config;
  readonly endpoints: readonly Module[];
  /** Named blocks in the order of the file. */
  readonly blocks: ReadonlyMap<string, Block>;
  /** Every `&name`, in the order in which it was met. */
  readonly references: readonly Reference[];
  /** What each directive of the expanded tree is, for editors. */
  readonly meanings: ReadonlyMap<ExpandedDirective, Meaning>;
  /** Places whose text must not be shown. */
  readonly secrets: readonly Origin[];
  /** Directives that hold a secret, or that are kept for old files only. */
  readonly marked: readonly MarkedDirective[];
}

/** A directive with the row of the catalog that it was read by. */
export interface MarkedDirective {
  readonly directive: ExpandedDirective;
  readonly spec: DirectiveSpec;
}

/** A top-level block; `module` is null while nothing of it could be read. */
export interface Block {
  readonly name: string;
  readonly header: ExpandedDirective;
  readonly entry: ModuleSpec;
  readonly module: Module;
  /** Something that an endpoint reaches refers to it. */
  readonly used: boolean;
}

/** A configured module: a block, an endpoint, or one written in place. */
export interface Module {
  readonly entry: ModuleSpec;
  /** Null for endpoints and modules written in place. */
  readonly name: string | null;
  readonly header: ExpandedDirective;
  /** Listen addresses of an endpoint. */
  readonly addresses: readonly ExpandedArg[];
  readonly config: Config;
  readonly pipeline: Pipeline | null;
  /** Of a queue. */
  readonly bounce: Pipeline | null;
}

/** Properties by the keys of the catalog entry. */
export type Config = ReadonlyMap<string, Property>;

export interface Property {
  /** Undefined when it was written but could not be read. */
  readonly value: Value | undefined;
  /** Where it was written; of a list, in the order of its values. Empty for defaults and inline arguments. */
  readonly written: readonly ExpandedDirective[];
  /** It, or part of it, was written but could not be read: that is said already, and nothing is concluded from it. */
  readonly unreadable: boolean;
}

export type Value = null | boolean | number | string | Use | Deferred | readonly Value[] | Fields;

/** A value with parts that have names: a limit, what a block holds. */
export type Fields = { readonly [key: string]: Value | undefined };

/** A module at the place where it is used. */
export type Use = Reference | Inline;

export class Reference {
  readonly name: string;
  /** Null when there is no such block. */
  readonly block: Block | null;
  readonly #word: ExpandedArg;
  constructor(name: string, word: ExpandedArg, block: Block | null) {
    this.name = name;
    this.#word = word;
    this.block = block;
  }

  get origin(): Origin {
    return this.#word.origin;
  }
}

export class Inline {
  readonly module: Module;
  constructor(module: Module) {
    this.module = module;
  }
}

export function isUse(value: Value | undefined): value is Use {
  return value instanceof Reference || value instanceof Inline;
}

export function isDeferred(value: Value | undefined): value is Deferred {
  return typeof value === 'object' && value !== null && '$deferred' in value;
}

/** Undefined for everything that has no parts by name. */
export function fieldsIn(value: Value | undefined): Fields | undefined {
  if (typeof value !== 'object' || value === null || isList(value) || isUse(value) || isDeferred(value))
    return undefined;
  return value;
}

/** `Array.isArray` does not narrow lists that cannot be changed. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Undefined when the use names a block that is not there. */
export function moduleOf(use: Use): Module | undefined {
  return use instanceof Inline ? use.module : use.block?.module;
}

export interface Pipeline {
  readonly header: ExpandedDirective;
  readonly checks: readonly Use[];
  readonly modifiers: readonly Use[];
  readonly dmarc: boolean;
  readonly sourceTables: readonly TableRule<Source>[];
  readonly sources: readonly AddressRule<Source>[];
  readonly defaultSource: Source;
}

export interface Source {
  readonly header: ExpandedDirective;
  /** The handlers stand at the root, without `default_source`. */
  readonly implicit: boolean;
  readonly checks: readonly Use[];
  readonly modifiers: readonly Use[];
  readonly destinationTables: readonly TableRule<Destination>[];
  readonly destinations: readonly AddressRule<Destination>[];
  readonly defaultDestination: Destination;
}

export interface Destination {
  readonly header: ExpandedDirective;
  readonly implicit: boolean;
  readonly checks: readonly Use[];
  readonly modifiers: readonly Use[];
  readonly actions: readonly Action[];
}

export interface TableRule<Body> {
  readonly header: ExpandedDirective;
  readonly table: Use;
  readonly block: Body;
}

export interface AddressRule<Body> {
  readonly header: ExpandedDirective;
  readonly rules: readonly ExpandedArg[];
  readonly block: Body;
}

export type Action =
  | { readonly kind: 'deliver'; readonly header: ExpandedDirective; readonly target: Use }
  | { readonly kind: 'reroute'; readonly header: ExpandedDirective; readonly pipeline: Pipeline }
  | { readonly kind: 'reject'; readonly header: ExpandedDirective; readonly reply: ReplyValue };

/** What a directive stands for: rows of the catalog. */
export interface Meaning {
  /** The table in which its name was found, where there is one. */
  readonly owner?: Owner;
  /** The module that it names, or is. */
  readonly module?: ModuleSpec;
}

/** Whose table a directive is in: a module's, a block's, the globals', or the pipeline language's. */
export type Owner =
  | { readonly kind: 'module'; readonly entry: ModuleSpec }
  | { readonly kind: 'block'; readonly spec: BodySpec }
  | { readonly kind: 'globals' }
  | { readonly kind: 'pipeline'; readonly context: PipelineContext };
