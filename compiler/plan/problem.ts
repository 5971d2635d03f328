import type { At } from './plan.ts';

/** What is wrong with a plan. A plan goes without its sources, so that places are lines and columns by name of the file. */
export interface PlanProblem {
  /** One sentence, lower case, no full stop. */
  readonly message: string;
  /** Where the thing was written in the configuration; null when the plan does not say. */
  readonly at: At | null;
  /** JSON pointer into the plan; empty for the whole. */
  readonly pointer: string;
}
