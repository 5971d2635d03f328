import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const libdnsRoute53 = defineModule({
  name: 'libdns.route53',
  kind: 'libdns',
  implements: ['dns_provider'],
  doc: 'DNS provider for the ACME DNS-01 challenge.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    secret_access_key: { type: 'string', secretFrom: 0, doc: 'Secret key.' },
    access_key_id: { type: 'string', doc: 'Key id.' },
  },
  build: 'needs build tag libdns_route53 or libdns_all',
  runtime: false,
  docPage: 'tls-acme.md',
  example: `dns route53 {
    secret_access_key TOKEN
}`,
});
