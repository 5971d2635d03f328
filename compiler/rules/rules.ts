import { diagnose } from '../diagnostics/diagnose.ts';
import type { Code, Diagnostic } from '../diagnostics/diagnostic.ts';
import { noSharedListener } from './endpoints/no-shared-listener.ts';
import { noWildcardRule } from './routing/no-wildcard-rule.ts';
import type { Rule, RuleContext } from './rule.ts';
import { noReplyCodeMismatch } from './values/no-reply-code-mismatch.ts';

/** Every rule. */
export const rules: readonly Rule[] = [noReplyCodeMismatch, noSharedListener, noWildcardRule];

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
export function runRules(context: RuleContext, chosen: readonly Rule[] = rules): readonly Diagnostic[] {
  return chosen.flatMap((rule) => {
    try {
      return [...rule.check(context)];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the rule ${rule.code.name} failed: ${reason}`;
      return [diagnose(internalError, message, null, { details: ['This is a fault of maddyc: please report it.'] })];
    }
  });
}
