import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const libdnsMetaname = defineModule({
  name: 'libdns.metaname',
  kind: 'libdns',
  implements: ['dns_provider'],
  doc: 'DNS provider for the ACME DNS-01 challenge.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    api_key: { type: 'string', secretFrom: 0, doc: 'API key.' },
    account_ref: { type: 'string', doc: 'Account reference.' },
  },
  build: 'needs build tag libdns_metaname or libdns_all',
  runtime: false,
  docPage: 'tls-acme.md',
  example: `dns metaname {
    api_key TOKEN
}`,
});
