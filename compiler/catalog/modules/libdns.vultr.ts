import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const libdnsVultr = defineModule({
  name: 'libdns.vultr',
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
  example: `dns vultr {
    api_token TOKEN
}`,
  notes: ['Logs a warning: to be dropped in 0.10.'],
});
