import { defineModule } from '../define.ts';
import { apiToken, dnsProvider } from '../shared/dns-provider.ts';

export const libdnsVultr = defineModule({
  ...dnsProvider,
  name: 'libdns.vultr',
  directives: {
    api_token: apiToken,
  },
  example: `dns vultr {
    api_token TOKEN
}`,
  notes: ['Logs a warning: to be dropped in 0.10.'],
});
