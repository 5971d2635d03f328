import type { PlanModule } from '../compiler/plan/plan.ts';

/**
 * The configuration of a module as its catalog entry types it. This is the one place where the type is taken on trust: every
 * plan that reaches the runtime has been validated against the schema that is generated from that very entry.
 */
export function configOf<Config>(plan: PlanModule): Config {
  return plan.config as Config;
}
