import type { Dialect } from '../../grammar/dialect.ts';
import type { ModuleSpec } from '../catalog/define.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import {
  type Action,
  type Config,
  type Destination,
  Inline,
  isDeferred,
  isList,
  isUse,
  type Module,
  type Pipeline,
  type Program,
  type Source,
  type Use,
  type Value,
} from '../ir/ir.ts';
import type { Origin } from '../source/origin.ts';
import { lineIndexAt, type SourceFile } from '../source/source-file.ts';
import { environmentNames } from './environment.ts';
import {
  type At,
  PLAN_FORMAT,
  PLAN_VERSION,
  type Plan,
  type PlanAction,
  type PlanData,
  type PlanDestination,
  type PlanEndpoint,
  type PlanModule,
  type PlannedModules,
  type PlanPipeline,
  type PlanSource,
  type PlanUse,
  type PlanValue,
} from './plan.ts';

export interface PlanInput {
  readonly program: Program;
  readonly dialect: Dialect;
  /** Main file first. */
  readonly files: readonly SourceFile[];
  /** Name and version of the program that makes the plan. */
  readonly producer: string;
}

/** The artifact of a program without errors. The same input gives the same plan, key for key. */
export function buildPlan(input: PlanInput): Plan {
  const { globals, endpoints, blocks, ...head } = planModules(input);
  const environment = environmentNames([globals, endpoints, blocks]);
  return { ...head, environment, globals, endpoints, blocks };
}

/** The same without a look at every text in it, which those who only ask where mail goes can do without. */
export function planModules(input: PlanInput, parts: PlanParts | null = null): PlannedModules {
  return new Builder(input).plan(input, parts);
}

/** For whoever makes plans again and again, and may have the part of a module already; `make` makes it. */
export interface PlanParts {
  /** A plan begins. */
  begin(input: PlanInput, globals: PlannedModules['globals']): void;
  endpoint(module: Module, at: At, make: () => PlanEndpoint): PlanEndpoint;
  block(module: Module, at: At, make: () => PlanModule): PlanModule;
}

class Builder {
  readonly #fileIndex: ReadonlyMap<SourceFile, number>;
  /** Keys of configurations in the order of the alphabet, as far as they were met. */
  readonly #keys = new Map<ModuleSpec | null, readonly string[]>();

  constructor({ files }: PlanInput) {
    this.#fileIndex = new Map(files.map((file, index) => [file, index]));
  }

  plan(input: PlanInput, parts: PlanParts | null): PlannedModules {
    const { program, dialect, files, producer } = input;
    const globals = this.#config(null, program.globals);
    parts?.begin(input, globals);
    const endpoints = program.endpoints.map((endpoint) => {
      const make = (): PlanEndpoint => this.#endpoint(endpoint);
      return parts === null ? make() : parts.endpoint(endpoint, this.#placeOf(endpoint.header), make);
    });
    const blocks = [...program.blocks].map(([name, { module }]): [string, PlanModule] => {
      const make = (): PlanModule => this.#module(module);
      return [name, parts === null ? make() : parts.block(module, this.#placeOf(module.header), make)];
    });
    return {
      format: PLAN_FORMAT,
      version: PLAN_VERSION,
      producer,
      dialect,
      files: files.map((file) => file.path),
      globals,
      endpoints,
      blocks: Object.fromEntries(blocks),
    };
  }

  #at({ file, range }: Pick<Origin, 'file' | 'range'>): At {
    const line = lineIndexAt(file, range.start);
    return [this.#fileIndex.get(file) ?? 0, line + 1, range.start - (file.lineStarts[line] ?? 0) + 1];
  }

  #placeOf(header: ExpandedDirective): At {
    return this.#at(header.origin);
  }

  #endpoint(module: Module): PlanEndpoint {
    const { entry, pipeline } = module;
    return {
      module: entry.name,
      name: null,
      config: this.#config(entry, module.config),
      ...(pipeline === null ? {} : { pipeline: this.#pipeline(pipeline) }),
      at: this.#placeOf(module.header),
      addresses: module.addresses.map((address) => address.value),
    };
  }

  #module({ entry, name, config, pipeline, bounce, header }: Module): PlanModule {
    const common = { module: entry.name, name, config: this.#config(entry, config) };
    if (pipeline === null && bounce === null) return { ...common, at: this.#placeOf(header) };
    return {
      ...common,
      ...(pipeline === null ? {} : { pipeline: this.#pipeline(pipeline) }),
      ...(bounce === null ? {} : { bounce: this.#pipeline(bounce) }),
      at: this.#placeOf(header),
    };
  }

  /** Keys in the order of the alphabet: the order of the file must not show. */
  #config(entry: ModuleSpec | null, config: Config): { readonly [key: string]: PlanValue | undefined } {
    const made: { [key: string]: PlanValue | undefined } = {};
    for (const key of this.#keysOf(entry, config)) {
      const value = config.get(key)?.value;
      if (value !== undefined && key !== 'bounce') made[key] = this.#value(value);
    }
    return made;
  }

  /** All of the configuration's, and perhaps others of its entry. */
  #keysOf(entry: ModuleSpec | null, config: Config): readonly string[] {
    const known = this.#keys.get(entry) ?? [];
    let met = 0;
    for (const key of known) if (config.has(key)) met += 1;
    if (met === config.size) return known;
    const keys = [...new Set([...known, ...config.keys()])].sort();
    this.#keys.set(entry, keys);
    return keys;
  }

  /** What holds no module is the same here and there. */
  #value(value: Value): PlanValue {
    if (typeof value !== 'object' || value === null) return value;
    if (isUse(value)) return this.#use(value);
    if (isPlain(value)) return value;
    if (isList(value)) return value.map((each) => this.#value(each));
    const entries: [string, PlanValue][] = [];
    for (const [key, inside] of Object.entries(value))
      if (inside !== undefined) entries.push([key, this.#value(inside)]);
    return Object.fromEntries(entries);
  }

  #use(use: Use): PlanUse {
    if (use instanceof Inline) return this.#module(use.module);
    return { use: use.block?.name ?? use.name, at: this.#at(use.origin) };
  }

  #uses(uses: readonly Use[]): readonly PlanUse[] {
    return uses.map((use) => this.#use(use));
  }

  #pipeline(pipeline: Pipeline): PlanPipeline {
    return {
      at: this.#placeOf(pipeline.header),
      checks: this.#uses(pipeline.checks),
      modifiers: this.#uses(pipeline.modifiers),
      dmarc: pipeline.dmarc,
      sourceTables: pipeline.sourceTables.map(({ table, block }) => ({
        table: this.#use(table),
        block: this.#source(block),
      })),
      sources: pipeline.sources.map(({ rules, block }) => ({
        rules: rules.map((rule) => ({ text: rule.value, at: this.#at(rule.origin) })),
        block: this.#source(block),
      })),
      defaultSource: this.#source(pipeline.defaultSource),
    };
  }

  #source(source: Source): PlanSource {
    return {
      at: this.#placeOf(source.header),
      implicit: source.implicit,
      checks: this.#uses(source.checks),
      modifiers: this.#uses(source.modifiers),
      destinationTables: source.destinationTables.map(({ table, block }) => ({
        table: this.#use(table),
        block: this.#destination(block),
      })),
      destinations: source.destinations.map(({ rules, block }) => ({
        rules: rules.map((rule) => ({ text: rule.value, at: this.#at(rule.origin) })),
        block: this.#destination(block),
      })),
      defaultDestination: this.#destination(source.defaultDestination),
    };
  }

  #destination(destination: Destination): PlanDestination {
    return {
      at: this.#placeOf(destination.header),
      implicit: destination.implicit,
      checks: this.#uses(destination.checks),
      modifiers: this.#uses(destination.modifiers),
      actions: destination.actions.map((action) => this.#action(action)),
    };
  }

  #action(action: Action): PlanAction {
    const at = this.#placeOf(action.header);
    switch (action.kind) {
      case 'deliver':
        return { kind: 'deliver', target: this.#use(action.target), at };
      case 'reroute':
        return { kind: 'reroute', pipeline: this.#pipeline(action.pipeline), at };
      case 'reject':
        return { kind: 'reject', reply: action.reply, at };
    }
  }
}

/** Data without a module in it, and without parts that are missing. */
function isPlain(value: Value | undefined): value is PlanData {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  if (isUse(value)) return false;
  if (isList(value)) return value.every(isPlain);
  if (isDeferred(value)) return true;
  for (const key in value) if (!isPlain(value[key])) return false;
  return true;
}
