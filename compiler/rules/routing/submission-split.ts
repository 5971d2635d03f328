import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const split = (text: string): string =>
  listener(`source example.org {\n    reject 501 5.1.8 "${text}"\n}\ndefault_source {\n    deliver_to dummy\n}`);

const code: Code = {
  code: 'M4109',
  name: 'submission-split',
  severity: 'info',
  summary: 'users are sent to a submission endpoint that is not there',
  page: () => ({
    docs: 'A block tells senders to use Submission, but no `submission` endpoint listens: nobody can send. Add one with `auth`, or change the text.',
    invalid: split('Use Submission for outgoing SMTP'),
    valid: split('Not from outside'),
  }),
};

export const submissionSplit: Rule = {
  code,
  *check({ program, inventory }) {
    if (program.endpoints.some(({ entry }) => entry.name === 'submission')) return;
    for (const action of inventory.actions) {
      if (action.kind !== 'reject' || !/\bsubmission\b/i.test(action.reply.text)) continue;
      yield report(code, action.header.origin, 'senders are told to use submission, but there is no such endpoint', {
        details: ['Your users cannot send any mail. Add a submission endpoint with auth, or change the text.'],
      });
    }
  },
};
