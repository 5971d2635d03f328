import type { PlanModule, PlanUse } from '../plan/plan.ts';

/** Values of a module's configuration are typed by its catalog entry; these read them where only the shape is known. */

type Fields = { readonly [key: string]: unknown };

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isUse(value: unknown): value is PlanUse {
  return isFields(value) && (typeof value.use === 'string' || typeof value.module === 'string');
}

export function useAt(config: Fields, key: string): PlanUse | null {
  const value = config[key];
  return isUse(value) ? value : null;
}

export function usesAt(config: Fields, key: string): readonly PlanUse[] {
  const value = config[key];
  return Array.isArray(value) ? value.filter(isUse) : [];
}

export function textAt(config: Fields, key: string): string | null {
  const value = config[key];
  return typeof value === 'string' ? value : null;
}

export function textsAt(config: Fields, key: string): readonly string[] | null {
  const value = config[key];
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
}

export function flagAt(config: Fields, key: string, otherwise: boolean): boolean {
  const value = config[key];
  return typeof value === 'boolean' ? value : otherwise;
}

/** Steps of a `table.chain`; null when the plan holds something else there. */
export function chainSteps(
  module: PlanModule,
): readonly { readonly table: PlanUse; readonly optional: boolean }[] | null {
  const { steps } = module.config;
  if (!Array.isArray(steps)) return null;
  const read = steps.flatMap((step: unknown) =>
    isFields(step) && isUse(step.table) ? [{ table: step.table, optional: step.optional === true }] : [],
  );
  return read.length === steps.length ? read : null;
}
