import { defineModule } from '../define.ts';
import { apiToken, dnsProvider } from '../shared/dns-provider.ts';

export const libdnsCloudflare = defineModule({
  ...dnsProvider,
  runtime: true,
  name: 'libdns.cloudflare',
  directives: {
    api_token: apiToken,
  },
  example: `dns cloudflare {
    api_token TOKEN
}`,
});
