import { defineModule } from '../define.ts';
import { dnsProvider } from '../shared/dns-provider.ts';

export const libdnsRoute53 = defineModule({
  ...dnsProvider,
  name: 'libdns.route53',
  directives: {
    secret_access_key: { type: 'string', secretFrom: 0, doc: 'Secret key.' },
    access_key_id: { type: 'string', doc: 'Key id.' },
  },
  build: 'needs build tag libdns_route53 or libdns_all',
  example: `dns route53 {
    secret_access_key TOKEN
}`,
});
