import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { replacement } from '../../ir/finding.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { writtenOfType } from '../written-directives.ts';

const spf = (action: string) =>
  listener(`check {\n    spf {\n        fail_action ${action}\n    }\n}\ndeliver_to dummy`);

const code: Code = {
  code: 'M3119',
  name: 'ignored-reply',
  severity: 'warning',
  summary: 'a reply after an action that sends none',
  page: () => ({
    docs: 'Only `reject` tells the client something. After `ignore` and `quarantine` the code and the text are read over: mail is let in, which is perhaps not what the reply was written for.',
    invalid: spf('ignore 550 5.7.1 "SPF failed"'),
    valid: spf('reject 550 5.7.1 "SPF failed"'),
  }),
};

export const ignoredReply: Rule = {
  code,
  *check({ inventory }) {
    for (const directive of writtenOfType(inventory, 'fail_action')) {
      const [action, first] = directive.args;
      if (first === undefined || (action?.value !== 'ignore' && action?.value !== 'quarantine')) continue;
      yield report(code, first.origin, `${action.value} sends no reply: this is read over`, {
        details: [
          `Mail that meets ${directive.name} is ${action.value === 'ignore' ? 'let in as if nothing had been found' : 'let in and marked as spam'}.`,
          'Remove the reply, or write reject in place of the action.',
        ],
        fixes: replacement('write reject', action.origin, 'reject', false),
      });
    }
  },
};
