import { isReference, type PlanUse } from '../compiler/plan/plan.ts';
import type { AuthProvider, Check, ManagedTable, ModuleContext, Target } from './module.ts';

/** Interfaces of modules that another module names. A plan is checked before it runs, so a missing one is a fault. */

type Resolver = Pick<ModuleContext, 'resolve'>;

export function tableOf(context: Resolver, use: PlanUse): ManagedTable {
  return context.resolve(use).table ?? lacks(use, 'table');
}

export function authOf(context: Resolver, use: PlanUse): AuthProvider {
  return context.resolve(use).auth ?? lacks(use, 'authentication provider');
}

export function targetOf(context: Resolver, use: PlanUse): Target {
  return context.resolve(use).target ?? lacks(use, 'delivery target');
}

export function checkOf(context: Resolver, use: PlanUse): Check {
  return context.resolve(use).check ?? lacks(use, 'check');
}

function lacks(use: PlanUse, what: string): never {
  throw new Error(`${isReference(use) ? `&${use.use}` : use.module} is no ${what}`);
}
