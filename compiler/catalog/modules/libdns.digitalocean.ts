import { defineModule } from '../define.ts';
import { apiToken, dnsProvider } from '../shared/dns-provider.ts';

export const libdnsDigitalocean = defineModule({
  ...dnsProvider,
  name: 'libdns.digitalocean',
  directives: {
    api_token: apiToken,
  },
  example: `dns digitalocean {
    api_token TOKEN
}`,
});
