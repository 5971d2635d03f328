import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const checkCommand = defineModule({
  name: 'check.command',
  kind: 'check',
  implements: ['check'],
  doc: 'Runs an external program and maps its exit code to an action.',
  dialects: maddyOnly,
  inlineArgs: {
    rule: 'positional',
    args: [
      {
        name: 'command',
        type: 'string',
        into: 'command',
        doc: 'Program; it must be found when the server starts.',
        required: true,
      },
      {
        name: 'argument',
        type: 'string',
        into: 'arguments',
        doc: 'Its arguments; `{auth_user}` `{source_ip}` `{source_host}` `{source_rdns}` `{msg_id}` `{sender}` `{rcpts}` `{address}` are replaced.',
        repeated: true,
      },
    ],
    combine: 'fallback',
    missing: 'command: at least one argument is required (command name)',
  },
  unknown: 'refused',
  directives: {
    run_on: {
      type: 'enum',
      values: ['conn', 'sender', 'rcpt', 'body'],
      default: 'body',
      doc: 'Stage at which the program is run.',
    },
    code: {
      type: 'command_code',
      repeatable: 'list',
      whenUnset: '1 rejects, 2 quarantines',
      doc: 'Maps an exit code to an action: `code EXIT_CODE ACTION [SMTP_CODE [ENHANCED [MESSAGE]]]`. Repeatable; built-in: 1 reject, 2 quarantine.',
      snippet: 'code ${1:1} ${2|reject,quarantine,ignore|}',
    },
  },
  runtime: true,
  docPage: 'checks/command.md',
  example: `check {
    command rspamc --ip {source_ip} {
        run_on body
        code 1 reject
    }
}`,
  notes: [
    'A named block never receives inline arguments, so it always fails with "command: at least one argument is required (command name)" when used.',
    'Unknown directive error here is "unexpected directive: NAME", same as elsewhere.',
  ],
});
