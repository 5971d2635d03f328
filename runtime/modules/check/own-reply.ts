import type { ReplyValue } from '../../../compiler/plan/plan.ts';
import { verdictOf } from '../../../compiler/routing/explain/check-verdicts.ts';

/** What a check of that module says when it finds `word`: of the table that `route` explains by, so that both say the same. */
export function ownReply(module: string, word: string): ReplyValue {
  const verdict = verdictOf(module, word);
  if (verdict === null) throw new Error(`${module} has no reply for ${word}`);
  return verdict.reply;
}

/** A look-up that nobody could answer is temporary, and so is the class of its enhanced code (D7). */
export function temporarily(reply: ReplyValue, code: number): ReplyValue {
  return { ...reply, code, enhanced: reply.enhanced.replace(/^5/, '4') };
}
