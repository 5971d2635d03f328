import { blocks, isBlockName } from '../catalog/blocks.ts';
import { findModule } from '../catalog/catalog.ts';
import type { BodySpec, DirectiveSpec } from '../catalog/define.ts';
import { globals } from '../catalog/globals.ts';
import { valueWords } from '../catalog/value-words.ts';
import { replaceEnvironment } from '../expand/environment.ts';
import { isPlainType, readValue } from '../ir/read-value.ts';
import type { At, Plan, PlanValue } from './plan.ts';
import type { PlanProblem } from './problem.ts';
import { resolvedProblems } from './resolved.ts';

/** Names of the variables that strings and deferred values refer to; sorted, each once. */
export function environmentNames(value: unknown): readonly string[] {
  const names = new Set<string>();
  collectNames(value, names);
  return [...names].sort();
}

function collectNames(value: unknown, names: Set<string>): void {
  if (typeof value === 'string') {
    for (const match of value.matchAll(/\{env:([^{}$]+)\}/g)) if (match[1] !== undefined) names.add(match[1]);
  } else if (typeof value === 'object' && value !== null) {
    for (const inside of Object.values(value)) collectNames(inside, names);
  }
}

export interface ResolvedPlan {
  readonly plan: Plan;
  /** Values that the environment does not make readable; the plan cannot run with any of them. */
  readonly problems: readonly PlanProblem[];
  /** Variables that are not set: as in maddy they stand for nothing. */
  readonly unset: readonly string[];
}

/** The plan with every `{env:NAME}` replaced and every deferred value read (R8). */
export function resolveEnvironment(plan: Plan, env: ReadonlyMap<string, string>): ResolvedPlan {
  const unset = plan.environment.filter((name) => !env.has(name));
  if (plan.environment.length === 0) return { plan, problems: [], unset };
  const resolver = new Resolver(env);
  const resolved: Plan = {
    ...plan,
    environment: [],
    globals: resolver.fields(plan.globals, globals, [0, 1, 1]),
    endpoints: plan.endpoints.map((endpoint) => resolver.within(endpoint)),
    blocks: resolver.within(plan.blocks),
  };
  const problems = resolver.problems.length > 0 ? resolver.problems : resolvedProblems(resolved);
  return { plan: resolved, problems, unset };
}

class Resolver {
  readonly problems: PlanProblem[] = [];
  readonly #env: ReadonlyMap<string, string>;

  constructor(env: ReadonlyMap<string, string>) {
    this.#env = env;
  }

  /** A copy of the same shape: deferred values stand only in the configuration of modules, whose tables say how to read them. */
  within<T>(value: T): T {
    return this.#copy(value, null, null, [0, 1, 1]) as T;
  }

  fields(
    value: { readonly [key: string]: PlanValue | undefined },
    spec: BodySpec,
    at: At,
  ): { readonly [key: string]: PlanValue | undefined } {
    const entries = Object.entries(value).map(([key, inside]): [string, unknown] => [
      key,
      this.#copy(inside, rowOf(spec, key), specOf(rowOf(spec, key)) ?? spec, at),
    ]);
    return Object.fromEntries(entries) as { readonly [key: string]: PlanValue | undefined };
  }

  #copy(value: unknown, row: DirectiveSpec | null, spec: BodySpec | null, at: At): unknown {
    if (typeof value === 'string') return replaceEnvironment(value, this.#env).text;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => this.#copy(each, row, spec, at));
    if (isDeferred(value)) return this.#read(value.$deferred.args, row, at);
    const place = isPlace(value) ? value.at : at;
    const entry = isModule(value) ? findModule(value.module) : undefined;
    const entries = Object.entries(value).map(([key, inside]): [string, unknown] => {
      if (key === 'config' && entry !== undefined) return [key, this.#copy(inside, null, entry, place)];
      const inner = spec === null ? null : rowOf(spec, key);
      return [key, this.#copy(inside, inner ?? row, specOf(inner) ?? spec, place)];
    });
    return Object.fromEntries(entries);
  }

  #read(args: readonly string[], row: DirectiveSpec | null, at: At): PlanValue {
    const words = args.map((arg) => replaceEnvironment(arg, this.#env).text);
    if (row === null || !isPlainType(row.type)) return null;
    const reading = readValue(row.type, { args: words, block: 'none' }, row);
    if (reading.ok) return reading.value;
    const names = environmentNames(args).map((name) => `{env:${name}}`);
    this.problems.push({
      message: `${names.join(', ')} does not give ${valueWords[row.type].a} (${valueWords[row.type].forms})`,
      at,
      pointer: '',
    });
    return null;
  }
}

/** The row for a key, also of one that several directives share. */
function rowOf(spec: BodySpec, key: string): DirectiveSpec | null {
  if (Object.hasOwn(spec.directives, key)) return spec.directives[key] ?? null;
  return Object.values(spec.directives).find((row) => row.collect?.into === key) ?? null;
}

function specOf(row: DirectiveSpec | null): BodySpec | null {
  return row !== null && isBlockName(row.type) ? blocks[row.type] : null;
}

function isDeferred(value: object): value is { readonly $deferred: { readonly args: readonly string[] } } {
  return '$deferred' in value;
}

function isModule(value: object): value is { readonly module: string } {
  return 'module' in value && typeof value.module === 'string' && 'config' in value;
}

function isPlace(value: object): value is { readonly at: At } {
  return 'at' in value && Array.isArray(value.at);
}
