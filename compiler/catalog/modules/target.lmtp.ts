import { defineModule } from '../define.ts';
import { smtpClient } from '../shared/smtp-client.ts';

export const targetLmtp = defineModule({
  ...smtpClient,
  name: 'target.lmtp',
  doc: 'Delivers to a fixed server over LMTP, with per-recipient results.',
  directives: {
    targets: {
      type: 'endpoint_list',
      doc: 'Servers to try in order: tcp://, tls:// or unix://. Appended before inline arguments.',
      snippet: 'targets ${1:unix:///run/dovecot/lmtp}',
    },
    starttls: {
      type: 'bool',
      default: false,
      doc: 'Require STARTTLS after connecting over tcp; a server that does not offer it gets no mail.',
    },
    ...smtpClient.directives,
  },
  rules: [
    { check: 'hostname-label' },
    {
      kind: 'missing-part',
      about: ['targets'],
      holds: { required: ['targets'] },
      message: 'no server to deliver to',
      details: ['Name it with targets, for example: targets unix:///run/dovecot/lmtp'],
      maddy: 'target.lmtp: at least one target endpoint is required',
    },
    { check: 'endpoints', key: 'targets', maddy: '{error}' },
  ],
  example: `target.lmtp local_mailboxes {
    targets unix:///run/dovecot/lmtp-maddy
}`,
  notes: [
    'At least one address must come from targets or inline arguments: "target.lmtp: at least one target endpoint is required".',
    'A reload is not needed for the remote side: connections are opened per message.',
    'A top-level block named just "lmtp" would be the listening endpoint; the delivery module needs its target. prefix there.',
  ],
});
