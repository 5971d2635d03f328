import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const dovecotSasl = defineModule({
  name: 'dovecot_sasl',
  kind: 'auth',
  implements: ['plain_auth'],
  doc: 'Checks passwords through a Dovecot auth server (auth protocol client).',
  dialects: maddyOnly,
  inlineArgs: {
    rule: 'positional',
    args: [{ name: 'endpoint', type: 'endpoint', into: 'endpoint', doc: 'Address of the Dovecot auth socket.' }],
    combine: 'fallback',
    tooMany: 'dovecot_sasl: one or none arguments needed',
  },
  unknown: 'refused',
  directives: {
    endpoint: {
      type: 'endpoint',
      doc: 'Dovecot auth socket: unix:// or tcp://.',
      snippet: 'endpoint ${1:unix:///run/dovecot/auth-maddy-client}',
    },
  },
  rules: [
    {
      kind: 'missing-part',
      about: ['endpoint'],
      holds: { required: ['endpoint'] },
      message: 'no address of the Dovecot auth socket',
      details: [
        'Give it as argument or with endpoint, for example: auth dovecot_sasl unix:///run/dovecot/auth-maddy-client',
      ],
      maddy: 'dovecot_sasl: missing server endpoint',
    },
    { check: 'endpoints', key: 'endpoint', maddy: 'dovecot_sasl: invalid server endpoint: {error}' },
  ],
  environment: 'dials the server at load time',
  runtime: true,
  docPage: 'auth/dovecot_sasl.md',
  example: `submission tls://0.0.0.0:465 {
    auth dovecot_sasl unix:///run/dovecot/auth-maddy-client
    deliver_to &remote_queue
}`,
  notes: [
    'Registered without a namespace: a top-level block must be "dovecot_sasl NAME { }". The documentation shows "auth.dovecot_sasl { }", which is rejected with "unknown module or global directive: auth.dovecot_sasl".',
    'Connects and reads the mechanism list while loading: the Dovecot socket must exist and answer before maddy starts.',
    'A tls:// endpoint passes parsing but the dial fails with an unknown network error.',
    'Not usable as a table, so storage_map/auth_map cannot use it.',
  ],
});
