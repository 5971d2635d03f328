import { defineModule } from '../define.ts';
import { dnsProvider } from '../shared/dns-provider.ts';

export const libdnsRfc2136 = defineModule({
  ...dnsProvider,
  runtime: true,
  name: 'libdns.rfc2136',
  directives: {
    key_name: { type: 'string', required: true, doc: 'TSIG key name.' },
    key: { type: 'string', required: true, doc: 'TSIG key.' },
    key_alg: { type: 'string', required: true, doc: 'TSIG algorithm.' },
    server: { type: 'string', required: true, doc: 'Server address.' },
  },
  build: 'needs build tag libdns_rfc2136 or libdns_all',
  example: `dns rfc2136 {
    key_name a
    key b
    key_alg c
    server d
}`,
});
