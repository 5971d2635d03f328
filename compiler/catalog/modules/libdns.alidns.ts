import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const libdnsAlidns = defineModule({
  name: 'libdns.alidns',
  kind: 'libdns',
  implements: ['dns_provider'],
  doc: 'DNS provider for the ACME DNS-01 challenge.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    key_id: { type: 'string', doc: 'Access key id.' },
    key_secret: { type: 'string', secretFrom: 0, doc: 'Access key secret.' },
  },
  build: 'needs build tag libdns_alidns or libdns_all',
  runtime: false,
  docPage: 'tls-acme.md',
  example: `dns alidns {
    key_id TOKEN
}`,
});
