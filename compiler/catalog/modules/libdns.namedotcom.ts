import { defineModule } from '../define.ts';
import { dnsProvider } from '../shared/dns-provider.ts';

export const libdnsNamedotcom = defineModule({
  ...dnsProvider,
  name: 'libdns.namedotcom',
  directives: {
    user: { type: 'string', doc: 'User.' },
    token: { type: 'string', secretFrom: 0, doc: 'Token.' },
  },
  build: 'needs build tag libdns_namedotdom (sic) or libdns_all',
  example: `dns namedotcom {
    user TOKEN
}`,
  notes: ['To be dropped in 0.10.'],
});
