import type { WantedInterface } from '../catalog/interfaces.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import {
  type Config,
  Inline,
  isUse,
  type Module,
  moduleOf,
  type Pipeline,
  type Property,
  type Use,
  type Value,
} from '../ir/ir.ts';
import { destinationsOf, sourcesOf } from '../ir/walk.ts';

/** A module where it is used, with what the place needs of it. */
export interface PlacedUse {
  readonly use: Use;
  /** Null where a place takes what it is given. */
  readonly wanted: WantedInterface | null;
  /** The directive that names it. */
  readonly directive: ExpandedDirective | null;
}

/** What a module uses itself, and what is written in place in it; blocks that it refers to are not entered. */
export function placedUsesOf(module: Module): readonly PlacedUse[] {
  const found: PlacedUse[] = [];
  enterModule(module, found);
  return found;
}

export function placedUsesOfGlobals(globals: Config): readonly PlacedUse[] {
  const found: PlacedUse[] = [];
  enterConfig(globals, () => null, found);
  return found;
}

/** The named block behind a use, or the module in place. */
export const usedModule = ({ use }: PlacedUse): Module | undefined => moduleOf(use);

function enterModule(module: Module, found: PlacedUse[]): void {
  const { directives, inlineArgs } = module.entry;
  enterConfig(
    module.config,
    (key) => {
      const named = Object.entries(directives).find(([name]) => name === key)?.[1].expects;
      if (named !== undefined) return named;
      return inlineArgs.rule === 'module' && inlineArgs.into === key ? inlineArgs.expects : null;
    },
    found,
  );
  for (const pipeline of [module.pipeline, module.bounce]) if (pipeline !== null) enterPipeline(pipeline, found);
}

function enterConfig(config: Config, wantedBy: (key: string) => WantedInterface | null, found: PlacedUse[]): void {
  for (const [key, property] of config) enterProperty(property, wantedBy(key), found);
}

function enterProperty({ value, written }: Property, wanted: WantedInterface | null, found: PlacedUse[]): void {
  if (Array.isArray(value)) {
    value.forEach((each: Value, index) => {
      enterValue(each, wanted, written[index] ?? null, found);
    });
  } else enterValue(value, wanted, written[0] ?? null, found);
}

function enterValue(
  value: Value | undefined,
  wanted: WantedInterface | null,
  directive: ExpandedDirective | null,
  found: PlacedUse[],
): void {
  if (typeof value !== 'object' || value === null) return;
  if (isUse(value)) place({ use: value, wanted, directive }, found);
  else for (const inside of Object.values(value)) enterValue(inside, null, null, found);
}

function place(placed: PlacedUse, found: PlacedUse[]): void {
  found.push(placed);
  if (placed.use instanceof Inline) enterModule(placed.use.module, found);
}

function enterPipeline(pipeline: Pipeline, found: PlacedUse[]): void {
  const enterAll = (uses: readonly Use[], wanted: WantedInterface): void => {
    for (const use of uses) place({ use, wanted, directive: null }, found);
  };
  const enterTables = (rules: readonly { readonly table: Use; readonly header: ExpandedDirective }[]): void => {
    for (const { table, header } of rules) place({ use: table, wanted: 'table', directive: header }, found);
  };
  enterAll(pipeline.checks, 'check');
  enterAll(pipeline.modifiers, 'modifier');
  enterTables(pipeline.sourceTables);
  for (const source of sourcesOf(pipeline)) {
    enterAll(source.checks, 'check');
    enterAll(source.modifiers, 'modifier');
    enterTables(source.destinationTables);
    for (const destination of destinationsOf(source)) {
      enterAll(destination.checks, 'check');
      enterAll(destination.modifiers, 'modifier');
      for (const action of destination.actions) {
        if (action.kind === 'deliver') {
          place({ use: action.target, wanted: 'delivery_target', directive: action.header }, found);
        } else if (action.kind === 'reroute') enterPipeline(action.pipeline, found);
      }
    }
  }
}
