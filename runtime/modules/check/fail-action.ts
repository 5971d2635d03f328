import type { ReplyValue } from '../../../compiler/plan/plan.ts';
import type { CheckFinding } from '../../module.ts';

/** The value of an `…_action` directive (runtime-mta 11.1); a null reply leaves the check its own. */
export interface FailAction {
  readonly action: 'ignore' | 'quarantine' | 'reject';
  readonly reply: ReplyValue | null;
}

/** What a check found, as the configuration wants it treated. */
export function applyAction(action: FailAction, own: ReplyValue, reason: string): CheckFinding {
  return { kind: action.action, reply: action.reply ?? own, reason };
}
