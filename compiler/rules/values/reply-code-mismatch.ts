import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code, Diagnostic } from '../../diagnostics/diagnostic.ts';
import { provenance } from '../../diagnostics/provenance.ts';
import type { ExpandedArg, ExpandedDirective } from '../../expand/expanded.ts';
import { listener } from '../../ir/codes/sample.ts';
import { placeOf, replacement } from '../../ir/finding.ts';
import type { Inventory } from '../../ir/walk.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { writtenOfType } from '../written-directives.ts';

const code: Code = {
  code: 'M3105',
  name: 'reply-code-mismatch',
  severity: 'warning',
  summary: 'reply code and enhanced code disagree',
  page: () => ({
    docs: 'The first digit of both codes says whether the sender tries again: 4 later, 5 never (RFC 3463 2). When they differ, some servers retry a mail that is refused for good, others bounce one that would have been accepted later. Make both begin with the same digit.',
    invalid: listener('reject 450 5.7.1 "Try again later"'),
    valid: listener('reject 450 4.7.1 "Try again later"'),
  }),
};

export const replyCodeMismatch: Rule = {
  code,
  *check({ inventory }: RuleContext): Iterable<Diagnostic> {
    for (const [directive, index] of replies(inventory)) {
      const reply = directive.args[index];
      const enhanced = directive.args[index + 1];
      if (reply !== undefined && enhanced !== undefined && disagree(reply, enhanced)) yield mismatch(reply, enhanced);
    }
  },
};

/** Directives with a reply, and the index of its code among the arguments. */
function* replies(inventory: Inventory): Iterable<readonly [ExpandedDirective, number]> {
  for (const action of inventory.actions) if (action.kind === 'reject') yield [action.header, 0];
  for (const directive of writtenOfType(inventory, 'fail_action')) yield [directive, 1];
  for (const directive of writtenOfType(inventory, 'command_code')) yield [directive, 2];
}

function disagree(reply: ExpandedArg, enhanced: ExpandedArg): boolean {
  if (enhanced.value.startsWith(reply.value.charAt(0))) return false;
  return /^[45]\d\d$/.test(reply.value) && /^[45]\.\d+\.\d+$/.test(enhanced.value);
}

function mismatch(reply: ExpandedArg, enhanced: ExpandedArg): Diagnostic {
  const digit = reply.value.charAt(0);
  const meant = `${digit}${enhanced.value.slice(1)}`;
  const advice = digit === '4' ? ['try again', 'to give up'] : ['give up', 'to try again'];
  return diagnose(
    code,
    `reply code ${reply.value} and enhanced code ${enhanced.value} disagree`,
    placeOf(enhanced.origin),
    {
      label: digit === '4' ? 'says: refused for good' : 'says: try again later',
      details: [
        `${reply.value} tells the sender to ${advice[0]}, ${enhanced.value} ${advice[1]}: servers act on the one or the other.`,
        `Make both begin with the same digit: ${reply.value} ${meant}`,
      ],
      related: provenance(enhanced.origin),
      fixes: replacement(`write ${meant}`, enhanced.origin, meant, true),
    },
  );
}
