import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const libdnsNamedotcom = defineModule({
  name: 'libdns.namedotcom',
  kind: 'libdns',
  implements: ['dns_provider'],
  doc: 'DNS provider for the ACME DNS-01 challenge.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    user: { type: 'string', doc: 'User.' },
    token: { type: 'string', secretFrom: 0, doc: 'Token.' },
  },
  build: 'needs build tag libdns_namedotdom (sic) or libdns_all',
  runtime: false,
  docPage: 'tls-acme.md',
  example: `dns namedotcom {
    user TOKEN
}`,
  notes: ['To be dropped in 0.10.'],
});
