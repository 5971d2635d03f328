import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { insecureAuth } from '../shared/listener.ts';
import { listenAddresses, smtpListener } from '../shared/smtp-listener.ts';
import { tls } from '../shared/tls.ts';

export const submission = defineModule({
  name: 'submission',
  kind: 'endpoint',
  implements: ['endpoint'],
  doc: 'Like smtp but for authenticated mail clients: authentication is mandatory, missing Date/Message-Id fields are added and sender fields verified.',
  dialects: everyDialect,
  inlineArgs: listenAddresses,
  unknown: 'pipeline',
  directives: {
    ...smtpListener,
    tls,
    insecure_auth: insecureAuth,
  },
  rules: [
    {
      kind: 'submission-without-auth',
      about: ['auth'],
      holds: { properties: { auth: { minItems: 1 } } },
      message: 'submission has no auth directive',
      details: [
        'Nobody could log in, so maddy refuses to start: name the provider that checks passwords, for example: auth &local_authdb',
      ],
      maddy: 'submission: auth. provider must be set for submission endpoint',
    },
    { check: 'hostname-label' },
    { check: 'listen', maddy: '{address}: invalid address: submission', secure: 'needs-tls' },
  ],
  runtime: true,
  docPage: 'endpoints/smtp.md',
  example: `submission tls://0.0.0.0:465 tcp://0.0.0.0:587 {
    auth &local_authdb
    deliver_to &remote_queue
}`,
  notes: [
    'Zero addresses are accepted (the endpoint then listens nowhere).',
    'A bad address is reported as "<addr>: invalid address: <endpoint>" (no file or line; the two parts look swapped).',
    'A tls:// address without usable TLS configuration passes verification for SMTP endpoints and fails only at start with "submission: can\'t bind on SMTPS endpoint without TLS configuration".',
    'Without any auth provider: "submission: auth. provider must be set for submission endpoint".',
    'TLS is disabled => insecure_auth is implied for all three endpoint types.',
  ],
});
