import type { Plan } from '../compiler/plan/plan.ts';

/** What a process serves, by itself or by workers. */
export interface Served {
  /** Throws when it cannot, with nothing left open. */
  start(plan: Plan): Promise<void>;
  /** Changes to another plan. What cannot be loaded or started is logged and changes nothing. */
  reload(loadPlan: () => Promise<Plan>): Promise<unknown>;
  /** Opens log files anew by their names. */
  rotate(): void;
  /** Ends within five seconds (R9). */
  stop(): Promise<void>;
  /** Ends in this very turn. */
  kill(): void;
}
