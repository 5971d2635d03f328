import type { At, Plan } from '../compiler/plan/plan.ts';

/** Why a plan cannot run, and where the configuration says it. */
export interface LoadProblem {
  readonly at: At | null;
  readonly message: string;
}

/** All reasons why a plan cannot run, in the order of the file. The message is the first one, with its place. */
export class LoadError extends Error {
  readonly problems: readonly LoadProblem[];
  /** Each problem with its place, the first one included. */
  readonly messages: readonly string[];
  constructor(plan: Plan, problems: readonly [LoadProblem, ...LoadProblem[]], options?: ErrorOptions) {
    super(placed(plan, problems[0]), options);
    this.problems = problems;
    this.messages = problems.map((problem) => placed(plan, problem));
  }
}

/** `FILE:LINE: text` */
export function placed(plan: Plan, { at, message }: LoadProblem): string {
  return at === null ? message : `${plan.files[at[0]] ?? ''}:${at[1]}: ${message}`;
}
