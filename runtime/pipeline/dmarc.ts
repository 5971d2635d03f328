import type { At } from '../../compiler/plan/plan.ts';
import { dmarcVerdicts } from '../../compiler/routing/explain/check-verdicts.ts';
import type { Refusal } from '../../compiler/routing/question.ts';
import { authorOf } from '../dmarc/author.ts';
import { evaluate } from '../dmarc/evaluate.ts';
import type { PolicyAnswer, PolicySearch } from '../dmarc/policy-search.ts';
import type { Disposition } from '../dmarc/record.ts';
import { type MessageHeader, ReplyError } from '../module.ts';
import type { MethodResult } from './authentication-results.ts';

/** Who wrote a message, and what that domain asks for. */
export interface DmarcPolicy {
  /** Domain of the author as written, and in A-labels; null when there is not exactly one author. */
  readonly author: { readonly written: string; readonly domain: string } | null;
  readonly answer: PolicyAnswer;
}

/** What is to become of a message. */
export interface DmarcDecision {
  readonly result: MethodResult;
  readonly disposition: Disposition;
}

/** Never throws. */
export async function findDmarcPolicy(header: MessageHeader, search: PolicySearch): Promise<DmarcPolicy> {
  const author = authorOf(header);
  if (typeof author === 'string') return { author: null, answer: { kind: 'permerror', reason: author } };
  return { author, answer: await search.policyOf(author.domain) };
}

/** `roll`, from 0 to under 1, decides whether a failing message is among those that `pct=` means (D14: none with `pct=0`). */
export async function decideDmarc(
  { author, answer }: DmarcPolicy,
  results: readonly MethodResult[],
  search: PolicySearch,
  roll: number,
): Promise<DmarcDecision> {
  const result = (value: string, reason: string): MethodResult => {
    return { method: 'dmarc', value, reason, properties: { 'header.from': author?.written ?? '' } };
  };
  if (answer.kind === 'none') return { result: result('none', ''), disposition: 'none' };
  if (answer.kind !== 'policy') {
    // As long as nobody can say what the domain wants, the sender has to try again (runtime-mta 14.1).
    const disposition = answer.kind === 'temperror' ? 'reject' : 'none';
    return { result: result(answer.kind, `Policy lookup failed: ${answer.reason}`), disposition };
  }
  const { value, reason } = await evaluate(author?.domain ?? '', answer.record, results, search);
  const applies = (value === 'fail' || value === 'temperror') && roll * 100 < answer.percent;
  return { result: result(value, reason), disposition: applies ? answer.disposition : 'none' };
}

/** The reply of a message that is refused (runtime-mta 14.3). */
export function dmarcRefusal({ value, reason }: MethodResult, at: At): Refusal {
  const verdict = dmarcVerdicts[value === 'temperror' ? 'temperror' : 'fail'];
  if (verdict === undefined) throw new Error('DMARC has no reply');
  const cause = new ReplyError(verdict.reply, { check: 'dmarc', reason });
  return { reply: verdict.reply, at, reason, cause };
}
