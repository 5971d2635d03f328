import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const checkDkim = defineModule({
  name: 'check.dkim',
  kind: 'check',
  implements: ['check'],
  doc: 'Verifies DKIM signatures and records the result for DMARC and Authentication-Results.',
  dialects: everyDialect,
  inlineArgs: { rule: 'refused', error: 'check.dkim: inline arguments are not used' },
  unknown: 'refused',
  directives: {
    debug,
    required_fields: {
      type: 'string_list',
      default: ['From', 'Subject'],
      doc: 'Header fields a signature must cover to count.',
      snippet: 'required_fields ${1:From Subject}',
    },
    fail_open: {
      type: 'bool',
      default: false,
      doc: 'Accept the message when a signature cannot be checked because of a temporary error.',
    },
    broken_sig_action: { type: 'fail_action', default: 'ignore', doc: 'Action when no signature validates.' },
    no_sig_action: { type: 'fail_action', default: 'ignore', doc: 'Action when there is no signature at all.' },
  },
  runtime: true,
  docPage: 'checks/dkim.md',
  example: `check {
    dkim {
        broken_sig_action quarantine
    }
}`,
  notes: ['allow_body_subset of old versions is gone; it is an unknown directive.'],
});
