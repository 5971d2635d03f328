import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const libdnsRfc2136 = defineModule({
  name: 'libdns.rfc2136',
  kind: 'libdns',
  implements: ['dns_provider'],
  doc: 'DNS provider for the ACME DNS-01 challenge.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    key_name: { type: 'string', required: true, doc: 'TSIG key name.' },
    key: { type: 'string', required: true, doc: 'TSIG key.' },
    key_alg: { type: 'string', required: true, doc: 'TSIG algorithm.' },
    server: { type: 'string', required: true, doc: 'Server address.' },
  },
  build: 'needs build tag libdns_rfc2136 or libdns_all',
  runtime: false,
  docPage: 'tls-acme.md',
  example: `dns rfc2136 {
    key_name a
    key b
    key_alg c
    server d
}`,
});
