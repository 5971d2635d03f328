import { findModule } from '../catalog/catalog.ts';
import type { Constraint, NamedCheck } from '../catalog/define.ts';
import { isEndpointFault, parseEndpoint } from '../catalog/values/endpoint.ts';
import { type ValidationError, validators } from '../generated/config-validators.js';
import { ruleFault } from '../ir/match-rules.ts';
import type { At, Plan } from './plan.ts';
import type { PlanProblem } from './problem.ts';

/**
 * What the compiler could not check while values still waited for the environment: addresses, rules, ranges and
 * conditions. The values themselves are not shown: they may be secret.
 */
export function resolvedProblems(plan: Plan): readonly PlanProblem[] {
  const problems: PlanProblem[] = [];
  const pending: unknown[] = [plan.globals, plan.endpoints, plan.blocks];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (isModule(value)) problems.push(...moduleProblems(value));
    if (isRule(value) && ruleFault(value.text) !== null) {
      problems.push({ message: 'a rule is neither an address nor a domain', at: value.at, pointer: '' });
    }
    for (const inside of Object.values(value)) if (inside !== undefined) pending.push(inside);
  }
  return problems;
}

function moduleProblems(module: ModuleLike): readonly PlanProblem[] {
  const entry = findModule(module.module);
  const problem = (message: string): PlanProblem => ({
    message: `${module.module}: ${message}`,
    at: module.at,
    pointer: '',
  });
  const found = (module.addresses ?? [])
    .filter(isNoAddress)
    .map(() => problem('an address to listen on cannot be read'));
  for (const rule of entry?.rules ?? []) {
    if (!('check' in rule) || rule.check !== 'endpoints') continue;
    const value = module.config[rule.key];
    const texts = Array.isArray(value) ? value : [value];
    if (texts.some(isNoAddress)) found.push(problem(`an address in ${rule.key} cannot be read`));
  }
  const validator = validators[module.module];
  if (validator === undefined || validator(module.config)) return found;
  const messages = new Set((validator.errors ?? []).map((error) => conditionWords(error, entry?.rules ?? [])));
  return [...found, ...[...messages].map(problem)];
}

function isNoAddress(text: unknown): boolean {
  return typeof text === 'string' && isEndpointFault(parseEndpoint(text, { udp: true }));
}

function conditionWords(error: ValidationError, rules: readonly (Constraint | NamedCheck)[]): string {
  const index = /^#\/allOf\/(\d+)\//.exec(error.schemaPath)?.[1];
  const rule = index === undefined ? undefined : rules[Number(index)];
  // Placeholders would show values.
  if (rule !== undefined && 'message' in rule) return rule.message.replaceAll(/"?\{\w+\}"?/g, 'this value');
  const key = error.instancePath.split('/')[1] ?? String(error.params.missingProperty);
  return error.keyword === 'required' ? `${key} is missing` : `${key} is out of range`;
}

interface ModuleLike {
  readonly module: string;
  readonly config: { readonly [key: string]: unknown };
  readonly addresses?: readonly unknown[];
  readonly at: At;
}

function isModule(value: object): value is ModuleLike {
  return 'module' in value && typeof value.module === 'string' && 'config' in value && 'at' in value;
}

function isRule(value: object): value is { readonly text: string; readonly at: At } {
  return 'text' in value && typeof value.text === 'string' && 'at' in value;
}
