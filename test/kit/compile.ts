import { analyse } from '../../compiler/analyse.ts';
import type { Host } from '../../compiler/host.ts';
import type { Plan } from '../../compiler/plan/plan.ts';

/** The plan of a configuration that has no errors. */
export function planOf(main: string, host: Host): Plan {
  const { plan, diagnostics } = analyse(main, host, { environment: 'expand' }).plan('test');
  if (plan === null) throw new Error(diagnostics.map((diagnostic) => diagnostic.message).join('\n'));
  return plan;
}
