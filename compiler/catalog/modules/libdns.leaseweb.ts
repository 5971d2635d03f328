import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const libdnsLeaseweb = defineModule({
  name: 'libdns.leaseweb',
  kind: 'libdns',
  implements: ['dns_provider'],
  doc: 'DNS provider for the ACME DNS-01 challenge.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    api_key: { type: 'string', secretFrom: 0, doc: 'API key.' },
  },
  build: 'needs build tag libdns_leaseweb or libdns_all',
  runtime: false,
  docPage: 'tls-acme.md',
  example: `dns leaseweb {
    api_key TOKEN
}`,
  notes: ['To be dropped in 0.10.'],
});
