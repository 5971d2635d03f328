import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';
import { clientTimeouts, smtpClient } from '../shared/smtp-client.ts';

export const targetSmtp = defineModule({
  name: 'target.smtp',
  kind: 'target',
  implements: ['delivery_target'],
  doc: 'Delivers to a fixed SMTP relay.',
  dialects: everyDialect,
  inlineArgs: {
    rule: 'positional',
    args: [
      {
        name: 'target',
        type: 'endpoint',
        into: 'targets',
        doc: 'Server address; the same as listing it in `targets`.',
        repeated: true,
      },
    ],
    combine: 'append',
  },
  unknown: 'refused',
  directives: {
    ...smtpClient,
    ...clientTimeouts,
    debug,
    starttls: {
      type: 'bool',
      default: true,
      doc: 'Require STARTTLS after connecting over tcp; a server that does not offer it gets no mail.',
    },
    targets: {
      type: 'endpoint_list',
      doc: 'Servers to try in order: tcp://, tls:// or unix://. Appended before inline arguments.',
      snippet: 'targets ${1:tcp://127.0.0.1:25}',
    },
  },
  rules: [
    { check: 'hostname-label' },
    {
      kind: 'missing-part',
      about: ['targets'],
      holds: { required: ['targets'] },
      message: 'no server to deliver to',
      details: ['Name it with targets, for example: targets tcp://127.0.0.1:25'],
      maddy: 'target.smtp: at least one target endpoint is required',
    },
    { check: 'endpoints', key: 'targets', maddy: '{error}' },
  ],
  runtime: true,
  docPage: 'targets/smtp.md',
  example: `target.smtp local_mailboxes {
    targets unix:///run/dovecot/lmtp-maddy
}`,
  notes: [
    'At least one address must come from targets or inline arguments: "target.smtp: at least one target endpoint is required".',
    'A reload is not needed for the remote side: connections are opened per message.',
    'A top-level block named just "smtp" would be the listening endpoint; the delivery module needs its target. prefix there.',
  ],
});
