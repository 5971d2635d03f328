import { defineModule } from '../define.ts';
import { dnsProvider } from '../shared/dns-provider.ts';

export const libdnsAcmedns = defineModule({
  ...dnsProvider,
  runtime: true,
  name: 'libdns.acmedns',
  directives: {
    username: { type: 'string', required: true, doc: 'User name.' },
    password: { type: 'string', required: true, secretFrom: 0, doc: 'Password.' },
    subdomain: { type: 'string', required: true, doc: 'Subdomain.' },
    server_url: { type: 'string', required: true, doc: 'Server URL.' },
  },
  build: 'needs build tag libdns_acmedns or libdns_all',
  example: `dns acmedns {
    username a
    password b
    subdomain c
    server_url d
}`,
});
