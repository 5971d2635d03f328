import { diagnose } from '../diagnostics/diagnose.ts';
import type { Code, Diagnostic } from '../diagnostics/diagnostic.ts';
import { contextOf } from './context.ts';
import { sameListenerTwice } from './endpoints/same-listener-twice.ts';
import { wildcardNotSupported } from './matching/wildcard-not-supported.ts';
import { routingRules } from './routing/routing-rules.ts';
import type { Rule, RuleInput } from './rule.ts';
import { replyCodeMismatch } from './values/reply-code-mismatch.ts';

/** Every rule. */
export const rules: readonly Rule[] = [replyCodeMismatch, sameListenerTwice, wildcardNotSupported, ...routingRules];

export const internalError: Code = {
  code: 'M9901',
  name: 'internal-error',
  severity: 'warning',
  summary: 'a rule of maddyc failed',
  page: () => ({
    docs: 'One of the rules broke down on this file, which is a fault of maddyc and not of the file. The other rules have run. Please report it with the file that shows it.',
    invalid: '',
    valid: '',
  }),
};

/** Findings of all rules; one that fails does not take the others with it. */
export function runRules(input: RuleInput, chosen: readonly Rule[] = rules): readonly Diagnostic[] {
  const context = contextOf(input);
  return chosen.flatMap((rule) => {
    if (!concerns(rule, input)) return [];
    try {
      return [...rule.check(context)];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the rule ${rule.code.name} failed: ${reason}`;
      return [diagnose(internalError, message, null, { details: ['This is a fault of maddyc: please report it.'] })];
    }
  });
}

/** Otherwise nothing is known about what the rule looks for. */
export function concerns(rule: Rule, { dialect, facts }: Pick<RuleInput, 'dialect' | 'facts'>): boolean {
  return (rule.dialects?.includes(dialect) ?? true) && (rule.needsHost !== true || facts !== null);
}
