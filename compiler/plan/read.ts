import { findModule } from '../catalog/catalog.ts';
import type { ModuleSpec } from '../catalog/define.ts';
import { validatePlan } from '../generated/plan-validator.js';
import { type ValidationError, validators } from '../generated/value-validators.js';
import { type At, PLAN_FORMAT, PLAN_VERSION, type Plan } from './plan.ts';
import type { PlanProblem } from './problem.ts';

export type PlanReading =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly PlanProblem[] };

const mostProblems = 20;

/** A plan from its JSON text: only one that is whole and fits the catalog comes out. */
export function readPlan(text: string): PlanReading {
  const parsed = parse(text);
  if (!parsed.ok) return refuse([{ message: parsed.reason, at: null, pointer: '' }]);
  const strange = frameProblem(parsed.value);
  if (strange !== null) return refuse([{ message: strange, at: null, pointer: '' }]);
  if (!isPlan(parsed.value)) return refuse(structureProblems(parsed.value, validatePlan.errors ?? []));
  const problems = [...contentProblems(parsed.value)];
  return problems.length === 0 ? { ok: true, plan: parsed.value } : refuse(problems);
}

function refuse(problems: readonly PlanProblem[]): PlanReading {
  return { ok: false, problems: problems.slice(0, mostProblems) };
}

function parse(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: `this is not a plan: it is no JSON (${reason})` };
  }
}

function frameProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== PLAN_FORMAT) {
    return `this is not a plan of maddyc: "format" must be "${PLAN_FORMAT}"`;
  }
  if (!('version' in value) || value.version !== PLAN_VERSION) {
    const version = 'version' in value ? String(value.version) : 'no';
    return `this plan has version ${version}, this maddyc reads version ${PLAN_VERSION}: compile the configuration again`;
  }
  return null;
}

/** The frame is checked by the compiled schema; what it accepts has the shape of the type. */
function isPlan(value: unknown): value is Plan {
  return validatePlan(value);
}

function structureProblems(plan: unknown, errors: readonly ValidationError[]): readonly PlanProblem[] {
  const shown = errors.filter((error) => error.keyword !== 'if');
  return shown.map((error) => ({
    message: faultWords(error),
    at: placeAt(plan, error.instancePath),
    pointer: error.instancePath,
  }));
}

/** Modules that the catalog has, references that lead to a block, configurations that fit their schema. */
function* contentProblems(plan: Plan): Iterable<PlanProblem> {
  const pending: { readonly value: unknown; readonly pointer: string }[] = [
    { value: plan.globals, pointer: '/globals' },
    { value: plan.endpoints, pointer: '/endpoints' },
    { value: plan.blocks, pointer: '/blocks' },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, pointer } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (isModule(value)) yield* moduleProblems(value, pointer);
    if (isReference(value) && !Object.hasOwn(plan.blocks, value.use)) {
      yield { message: `there is no block named "${value.use}"`, at: value.at, pointer };
    }
    for (const [key, inside] of Object.entries(value)) pending.push({ value: inside, pointer: `${pointer}/${key}` });
  }
}

function* moduleProblems(module: ModuleLike, pointer: string): Iterable<PlanProblem> {
  const entry = findModule(module.module);
  if (entry === undefined) {
    yield { message: `unknown module "${module.module}"`, at: module.at, pointer };
    return;
  }
  // An entry whose schema asks nothing has no validator.
  const validator = validators[module.module];
  if (validator === undefined || validator(module.config)) return;
  for (const error of validator.errors ?? []) {
    if (waits(module.config, error.instancePath) || isPartOfChoice(error) || !concerns(entry, error, module)) continue;
    yield {
      message: `${module.module}: ${faultWords(error)}`,
      at: module.at,
      pointer: `${pointer}/config${error.instancePath}`,
    };
  }
}

/** Errors inside of alternatives are summed up by the one of the alternatives as a whole. */
function isPartOfChoice(error: ValidationError): boolean {
  return /\/(anyOf|oneOf)\/\d+\//.test(error.schemaPath) && !error.schemaPath.startsWith('#/allOf/');
}

/** Some conditions are only for modules in place, others only for named ones. */
function concerns({ rules }: ModuleSpec, { schemaPath }: ValidationError, { name }: ModuleLike): boolean {
  const rule = rules?.[Number(/^#\/allOf\/(\d+)\//.exec(schemaPath)?.[1] ?? -1)];
  if (rule === undefined || !('holds' in rule) || rule.only === undefined) return true;
  return rule.only === (name === null ? 'inline' : 'named');
}

/** A value that is read only when the environment is known. */
function waits(config: unknown, pointer: string): boolean {
  let value = config;
  for (const key of pointer.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return false;
    if ('$deferred' in value) return true;
    value = Reflect.get(value, key);
  }
  return typeof value === 'object' && value !== null && '$deferred' in value;
}

function faultWords({ keyword, params, instancePath }: ValidationError): string {
  const what = instancePath === '' ? 'the plan' : `"${instancePath.slice(1).replaceAll('/', '.')}"`;
  switch (keyword) {
    case 'required':
      return `${what} lacks "${String(params.missingProperty)}"`;
    case 'type':
      return `${what} must be of type ${String(params.type)}`;
    case 'enum':
    case 'const':
      return `${what} has a value that is not known here`;
    case 'minimum':
    case 'maximum':
      return `${what} must be ${keyword === 'minimum' ? 'at least' : 'at most'} ${String(params.limit)}`;
    default:
      return `${what} does not have the form that it must have (${keyword})`;
  }
}

interface ModuleLike {
  readonly module: string;
  readonly name: string | null;
  readonly config: unknown;
  readonly at: At;
}

function isModule(value: object): value is ModuleLike {
  return 'module' in value && typeof value.module === 'string' && 'name' in value && 'config' in value && 'at' in value;
}

function isReference(value: object): value is { readonly use: string; readonly at: At } {
  return 'use' in value && typeof value.use === 'string' && 'at' in value;
}

/** The place that the nearest enclosing part of the plan names. */
function placeAt(plan: unknown, pointer: string): At | null {
  let value = plan;
  let place: At | null = null;
  for (const key of pointer.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) break;
    if ('at' in value && isAt(value.at)) place = value.at;
    value = Reflect.get(value, key);
  }
  return place;
}

function isAt(value: unknown): value is At {
  return Array.isArray(value) && value.length === 3 && value.every((each) => typeof each === 'number');
}
