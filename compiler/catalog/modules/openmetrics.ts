import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { ownDebug } from '../shared/debug.ts';

export const openmetrics = defineModule({
  name: 'openmetrics',
  kind: 'endpoint',
  implements: ['endpoint'],
  doc: 'HTTP endpoint that serves internal counters at /metrics for Prometheus.',
  dialects: everyDialect,
  inlineArgs: { rule: 'addresses', doc: 'tcp:// or unix:// listen address; tls:// is refused.' },
  unknown: 'refused',
  directives: {
    debug: ownDebug,
  },
  rules: [
    {
      check: 'listen',
      maddy: 'openmetrics: malformed endpoint: {error}',
      secure: 'refused',
      maddySecure: 'openmetrics: TLS is not supported yet',
    },
  ],
  runtime: true,
  docPage: 'endpoints/openmetrics.md',
  example: 'openmetrics tcp://127.0.0.1:9749 { }',
  notes: ['There is no authentication; keep it on loopback.'],
});
