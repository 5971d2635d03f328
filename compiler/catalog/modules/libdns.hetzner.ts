import { defineModule } from '../define.ts';
import { apiToken, dnsProvider } from '../shared/dns-provider.ts';

export const libdnsHetzner = defineModule({
  ...dnsProvider,
  name: 'libdns.hetzner',
  directives: {
    api_token: apiToken,
  },
  example: `dns hetzner {
    api_token TOKEN
}`,
  notes: ['Logs a warning about an API change planned for 0.10.'],
});
