import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const checkMilter = defineModule({
  name: 'check.milter',
  kind: 'check',
  implements: ['check'],
  doc: 'Passes the transaction to a milter.',
  dialects: maddyOnly,
  inlineArgs: {
    rule: 'positional',
    args: [{ name: 'endpoint', type: 'endpoint', into: 'endpoint', doc: 'Milter socket; the same as the directive.' }],
    combine: 'fallback',
    tooMany: 'check.milter: unexpected amount of arguments, want 1 or 0',
  },
  unknown: 'refused',
  directives: {
    endpoint: {
      type: 'endpoint',
      doc: 'Milter socket, tcp:// or unix://.',
      snippet: 'endpoint ${1:unix:///run/milter.sock}',
    },
    fail_open: { type: 'bool', default: false, doc: 'Accept mail when the milter cannot be used.' },
  },
  rules: [
    {
      kind: 'missing-part',
      about: ['endpoint'],
      holds: { required: ['endpoint'] },
      message: 'no address of the milter',
      details: ['Give it as argument or with endpoint, for example: milter unix:///run/opendkim.sock'],
      maddy: 'check.milter: milter endpoint is not set',
    },
    {
      check: 'endpoints',
      key: 'endpoint',
      maddy: 'check.milter: {error}',
      refuseTls: 'check.milter: scheme unsupported: tls',
    },
  ],
  runtime: true,
  docPage: 'checks/milter.md',
  example: `check {
    milter unix:///run/opendkim.sock {
        fail_open no
    }
}`,
  notes: ['Not contacted at load time.'],
});
