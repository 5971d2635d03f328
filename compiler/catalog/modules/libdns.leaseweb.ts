import { defineModule } from '../define.ts';
import { dnsProvider } from '../shared/dns-provider.ts';

export const libdnsLeaseweb = defineModule({
  ...dnsProvider,
  name: 'libdns.leaseweb',
  directives: {
    api_key: { type: 'string', secretFrom: 0, doc: 'API key.' },
  },
  build: 'needs build tag libdns_leaseweb or libdns_all',
  example: `dns leaseweb {
    api_key TOKEN
}`,
  notes: ['To be dropped in 0.10.'],
});
