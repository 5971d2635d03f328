import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const libdnsHetzner = defineModule({
  name: 'libdns.hetzner',
  kind: 'libdns',
  implements: ['dns_provider'],
  doc: 'DNS provider for the ACME DNS-01 challenge.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    api_token: { type: 'string', secretFrom: 0, doc: 'API token.' },
  },
  runtime: false,
  docPage: 'tls-acme.md',
  example: `dns hetzner {
    api_token TOKEN
}`,
  notes: ['Logs a warning about an API change planned for 0.10.'],
});
