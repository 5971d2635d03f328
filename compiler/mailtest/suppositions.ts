import type { Plan } from '../plan/plan.ts';
import { verdictWords } from '../routing/explain/check-verdicts.ts';
import { type Suppositions, shortName } from '../routing/explain/request.ts';
import { isFields } from '../routing/plan-values.ts';
import { lookupAddress } from '../text/address.ts';
import { nearest } from '../text/nearest.ts';
import { listOf } from './list-of.ts';
import type { Given } from './schema.ts';

/** Modules of a plan by every name that a test may use for them: block name, full name, name without its prefix. */
export type ModuleNames = ReadonlyMap<string, { readonly module: string; readonly config: object }>;

export function moduleNames(plan: Plan): ModuleNames {
  const names = new Map<string, { readonly module: string; readonly config: object }>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isFields(value)) return;
    if (typeof value.module === 'string' && isFields(value.config)) {
      const found = { module: value.module, config: value.config };
      const block = typeof value.name === 'string' ? [value.name] : [];
      for (const name of [...block, value.module, shortName(found)]) if (!names.has(name)) names.set(name, found);
    }
    Object.values(value).forEach(visit);
  };
  visit(plan.endpoints);
  for (const [name, block] of Object.entries(plan.blocks)) {
    names.set(name, block);
    visit(block);
  }
  return names;
}

/**
 * What is given for one case: its own words win over those for all cases, and both over `byDns`, what checks say by the DNS records
 * that are given.
 */
export function supposed(common: Given, own: Given, byDns: ReadonlyMap<string, string>): Suppositions {
  const checks = new Map([...byDns, ...Object.entries({ ...common.checks, ...own.checks })]);
  const tables = new Map(
    Object.entries({ ...common.tables, ...own.tables }).map(([name, content]) => [name, wholeTable(content)]),
  );
  return { checks, tables };
}

/** A table that holds what is written, and nothing else. */
function wholeTable(content: NonNullable<Given['tables']>[string]): {
  get(key: string): readonly string[];
} {
  const entries = Array.isArray(content)
    ? content.map((key): [string, readonly string[]] => [key, [key]])
    : Object.entries(content).map(([key, values]): [string, readonly string[]] => [key, listOf(values)]);
  const byKey = new Map(entries.map(([key, values]) => [lookupAddress(key) ?? key, values]));
  return { get: (key) => byKey.get(key) ?? [] };
}

/** Names in `given` that the configuration does not know, and words that no check says: each would be without effect. */
export function givenProblems(
  names: ModuleNames,
  { tables = {}, checks = {} }: Given,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const known = [...names.keys()];
  const unknown = (path: readonly string[], name: string): { path: readonly string[]; message: string }[] => {
    if (names.has(name) || name === 'dmarc') return [];
    const best = nearest(name, known);
    const hint = best === null ? '' : `; did you mean "${best}"?`;
    return [{ path: [...path, name], message: `the configuration has no "${name}"${hint}` }];
  };
  return [
    ...Object.keys(tables).flatMap((name) => unknown(['tables'], name)),
    ...Object.entries(checks).flatMap(([name, word]) => {
      const faults = unknown(['checks'], name);
      if (faults.length > 0 || verdictWords.includes(word)) return faults;
      return [{ path: ['checks', name], message: `no check says "${word}": ${verdictWords.join(', ')}` }];
    }),
  ];
}
