import { type CompileAnswer, compileMethod, type DocumentParams } from '../protocol.ts';
import type { Session } from '../session.ts';
import { aboutPlan, answered, errorCount, obstaclesOf, onAsk, refusal } from './answer.ts';

/** The plan; variables stay references, as `maddyc compile` leaves them. */
export function registerCompile(session: Session): void {
  onAsk(
    session,
    compileMethod,
    ({ uri }: DocumentParams): Promise<CompileAnswer> =>
      aboutPlan(session, uri, (planned): CompileAnswer => {
        const { analysis } = planned;
        const compiled = analysis.compiled ?? planned.compiled;
        const { plan, diagnostics } = compiled.plan(`maddyc ${session.version}`);
        const errors = plan === null ? diagnostics : compiled.startErrors;
        if (plan === null || errors.length > 0) {
          return refusal(errorCount(errors.length), obstaclesOf(session, errors, analysis));
        }
        return { ...answered(planned), text: `${JSON.stringify(plan, null, 2)}\n` };
      }),
  );
}
