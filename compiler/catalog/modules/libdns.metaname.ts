import { defineModule } from '../define.ts';
import { dnsProvider } from '../shared/dns-provider.ts';

export const libdnsMetaname = defineModule({
  ...dnsProvider,
  name: 'libdns.metaname',
  directives: {
    api_key: { type: 'string', secretFrom: 0, doc: 'API key.' },
    account_ref: { type: 'string', doc: 'Account reference.' },
  },
  build: 'needs build tag libdns_metaname or libdns_all',
  example: `dns metaname {
    api_key TOKEN
}`,
});
