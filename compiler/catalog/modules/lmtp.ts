import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { listenAddresses, smtpListener } from '../shared/smtp-listener.ts';
import { optionalTls } from '../shared/tls.ts';

export const lmtp = defineModule({
  name: 'lmtp',
  kind: 'endpoint',
  implements: ['endpoint'],
  doc: 'Like smtp but speaks LMTP, reporting one status per recipient. TLS is optional.',
  dialects: everyDialect,
  inlineArgs: listenAddresses,
  unknown: 'pipeline',
  directives: {
    ...smtpListener,
    tls: optionalTls,
    insecure_auth: {
      type: 'bool',
      default: false,
      inheritsGlobal: true,
      doc: 'Permit authentication without TLS. Forced on when TLS is disabled.',
    },
  },
  rules: [
    { check: 'hostname-label' },
    { check: 'listen', maddy: '{address}: invalid address: lmtp', secure: 'needs-tls' },
  ],
  runtime: true,
  docPage: 'endpoints/smtp.md',
  example: `lmtp unix://lmtp.sock {
    hostname mx.example.org
    deliver_to &local_mailboxes
}`,
  notes: [
    'Zero addresses are accepted (the endpoint then listens nowhere).',
    'A bad address is reported as "<addr>: invalid address: <endpoint>" (no file or line; the two parts look swapped).',
    'A tls:// address without usable TLS configuration passes verification for SMTP endpoints and fails only at start with "lmtp: can\'t bind on SMTPS endpoint without TLS configuration".',
    'TLS is disabled => insecure_auth is implied for all three endpoint types.',
  ],
});
