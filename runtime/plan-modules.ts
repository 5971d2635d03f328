import type { Plan, PlanModule } from '../compiler/plan/plan.ts';

/** Every module of a plan, named or written in place, also inside of other modules' configurations; in the order of the plan. */
export function planModules(plan: Plan): readonly PlanModule[] {
  const found: PlanModule[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isModule(value)) found.push(value);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(plan.globals);
  visit(plan.blocks);
  visit(plan.endpoints);
  return found;
}

function isModule(value: object): value is PlanModule {
  return 'module' in value && typeof value.module === 'string' && 'config' in value && 'at' in value;
}
