import { defineModule } from '../define.ts';
import { dnsProvider } from '../shared/dns-provider.ts';

export const libdnsNamecheap = defineModule({
  ...dnsProvider,
  name: 'libdns.namecheap',
  directives: {
    api_key: { type: 'string', required: true, secretFrom: 0, doc: 'API key.' },
    api_username: { type: 'string', required: true, doc: 'Account name.' },
    endpoint: { type: 'string', doc: 'API URL.' },
    client_ip: { type: 'string', doc: 'Client address to report.' },
  },
  example: `dns namecheap {
    api_key a
    api_username b
}`,
});
