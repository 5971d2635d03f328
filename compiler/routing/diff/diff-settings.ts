import type { At, PlanModule } from '../../plan/plan.ts';
import { shortName } from '../explain/request.ts';
import { isFields } from '../plan-values.ts';
import type { RoutingModel } from '../prove/model.ts';
import type { RoutedModule } from '../routes.ts';
import { pairEntrances } from './pair-entrances.ts';

/** A directive of an endpoint or of a block that mail passes. */
export interface SettingChange {
  /** `smtp tcp://0.0.0.0:25`, `outgoing (target.queue)` */
  readonly where: string;
  readonly name: string;
  /** Null: its value is not shown, because it may be long, or secret. */
  readonly before: string | null;
  readonly after: string | null;
  readonly at: At;
}

/** Settings that decide not where mail goes but how: sizes, times, tries, TLS, logins. */
export function diffSettings(before: RoutingModel, after: RoutingModel): readonly SettingChange[] {
  const changes: SettingChange[] = [];
  for (const [one, other] of pairEntrances(before, after)) {
    if (one === null || other === null) continue;
    const old = before.plan.endpoints.find(({ at }) => at === one.module.at);
    const now = after.plan.endpoints.find(({ at }) => at === other.module.at);
    if (old === undefined || now === undefined) continue;
    changes.push(...moduleChanges(other.name, old, now));
    const [was, is] = [old.addresses.join(' '), now.addresses.join(' ')];
    if (was !== is) changes.push({ where: other.name, name: 'listens on', before: was, after: is, at: now.at });
  }
  for (const { name, module, plan } of after.reach.modules) {
    const old = name === null ? undefined : before.plan.blocks[name];
    if (old !== undefined && old.module === module) changes.push(...moduleChanges(`${name} (${module})`, old, plan));
  }
  const checks = checksOf(before);
  for (const [name, now] of checksOf(after)) {
    const old = checks.get(name);
    if (old !== undefined) changes.push(...moduleChanges(name, old, now));
  }
  return changes;
}

/** Checks by name, where one configuration has only one of that name. */
function checksOf({ reach }: RoutingModel): ReadonlyMap<string, PlanModule> {
  const found = new Map<string, Set<RoutedModule>>();
  for (const pipeline of reach.pipelines) {
    const sources = pipeline.sources.blocks;
    const blocks = [pipeline, ...sources, ...sources.flatMap(({ destinations }) => destinations.blocks)];
    for (const { module } of blocks.flatMap(({ checks }) => checks)) {
      const name = `check ${module.name ?? shortName(module)}`;
      const known = found.get(name);
      if (known === undefined) found.set(name, new Set([module]));
      else known.add(module);
    }
  }
  return new Map(
    [...found].flatMap(([name, [module, ...others]]): [string, PlanModule][] =>
      module === undefined || others.length > 0 ? [] : [[name, module.plan]],
    ),
  );
}

/** Where they lead is said by the mail that goes there. */
const told: ReadonlySet<string> = new Set(['target', 'targets']);

function moduleChanges(where: string, before: PlanModule, after: PlanModule): readonly SettingChange[] {
  const keys = [...new Set([...Object.keys(before.config), ...Object.keys(after.config)])].sort();
  return keys.flatMap((name) => {
    if (told.has(name)) return [];
    const [was, is] = [before.config[name], after.config[name]];
    if (JSON.stringify(withoutPlaces(was)) === JSON.stringify(withoutPlaces(is))) return [];
    return [{ where, name, before: shown(was), after: shown(is), at: after.at }];
  });
}

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === 'at' ? [] : [[key, withoutPlaces(inner)]])),
  );
}

function shown(value: unknown): string | null {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (isFields(value) && typeof value.action === 'string') return value.action;
  return typeof value === 'number' ? String(value) : null;
}
