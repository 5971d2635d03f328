import { defineModule } from '../define.ts';
import { dnsProvider } from '../shared/dns-provider.ts';

export const libdnsAlidns = defineModule({
  ...dnsProvider,
  name: 'libdns.alidns',
  directives: {
    key_id: { type: 'string', doc: 'Access key id.' },
    key_secret: { type: 'string', secretFrom: 0, doc: 'Access key secret.' },
  },
  build: 'needs build tag libdns_alidns or libdns_all',
  example: `dns alidns {
    key_id TOKEN
}`,
});
