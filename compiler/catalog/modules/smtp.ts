import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { insecureAuth } from '../shared/listener.ts';
import { listenAddresses, smtpListener } from '../shared/smtp-listener.ts';
import { tls } from '../shared/tls.ts';

export const smtp = defineModule({
  name: 'smtp',
  kind: 'endpoint',
  implements: ['endpoint'],
  doc: 'Accepts mail over (E)SMTP and feeds it to a message pipeline. Authentication is optional.',
  dialects: everyDialect,
  inlineArgs: listenAddresses,
  unknown: 'pipeline',
  directives: {
    ...smtpListener,
    tls,
    insecure_auth: insecureAuth,
  },
  rules: [
    { check: 'hostname-label' },
    { check: 'listen', maddy: '{address}: invalid address: smtp', secure: 'needs-tls' },
  ],
  runtime: true,
  docPage: 'endpoints/smtp.md',
  example: `smtp tcp://127.0.0.1:25 {
    hostname mx.example.org
    tls off
    deliver_to &local_mailboxes
}`,
  notes: [
    'Zero addresses are accepted (the endpoint then listens nowhere).',
    'A bad address is reported as "<addr>: invalid address: <endpoint>" (no file or line; the two parts look swapped).',
    'A tls:// address without usable TLS configuration passes verification for SMTP endpoints and fails only at start with "smtp: can\'t bind on SMTPS endpoint without TLS configuration".',
    'TLS is disabled => insecure_auth is implied for all three endpoint types.',
  ],
});
