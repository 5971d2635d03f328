import { defineModule } from '../define.ts';
import { dnsProvider } from '../shared/dns-provider.ts';

export const libdnsGoogleclouddns = defineModule({
  ...dnsProvider,
  name: 'libdns.googleclouddns',
  directives: {
    project: { type: 'string', required: true, doc: 'Project.' },
    service_account_json: { type: 'string', doc: 'Credentials file.' },
  },
  build: 'needs build tag libdns_googleclouddns or libdns_all',
  example: `dns googleclouddns {
    project p
}`,
});
