import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const modifyReplaceSender = defineModule({
  name: 'modify.replace_sender',
  kind: 'modifier',
  implements: ['modifier'],
  doc: 'Rewrites the envelope sender through a table that supports multi-value lookup; full address first, then local part.',
  dialects: everyDialect,
  inlineArgs: {
    rule: 'module',
    into: 'table',
    expects: 'multi_table',
    required: true,
    doc: 'Table with its arguments and block, or `&name` of a table.',
  },
  unknown: 'refused',
  directives: {},
  runtime: true,
  docPage: 'modifiers/envelope.md',
  example: `modify {
    replace_sender file /etc/maddy/aliases
}`,
  notes: [
    'A named block gets no inline arguments, so it always fails with "at least one argument is required".',
    'Tables without multi-value lookup (identity, email_localpart, email_localpart_optional, auth providers) are refused.',
    'Inside a destination block replace_sender has no effect.',
  ],
});
