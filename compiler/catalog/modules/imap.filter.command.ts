import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const imapFilterCommand = defineModule({
  name: 'imap.filter.command',
  kind: 'imap_filter',
  implements: ['imap_filter'],
  doc: 'Runs a program whose first output line is the folder and following lines are flags.',
  dialects: maddyOnly,
  inlineArgs: {
    rule: 'positional',
    args: [
      { name: 'command', type: 'string', into: 'command', doc: 'Program.', required: true },
      {
        name: 'argument',
        type: 'string',
        into: 'arguments',
        doc: 'Its arguments; `{auth_user}` `{source_ip}` `{source_host}` `{source_rdns}` `{msg_id}` `{sender}` `{rcpt_to}` `{original_rcpt_to}` `{subject}` `{account_name}` are replaced.',
        repeated: true,
      },
    ],
    combine: 'fallback',
    missing: 'command: at least one argument is required (command name)',
  },
  unknown: 'refused',
  directives: {},
  runtime: false,
  docPage: 'storage/imap-filters.md',
  example: `imap_filter {
    command /etc/maddy/sort.sh {account_name}
}`,
  notes: ['Needs inline arguments; a named block always fails when used.'],
});
