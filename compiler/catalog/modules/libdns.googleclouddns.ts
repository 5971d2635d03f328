import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const libdnsGoogleclouddns = defineModule({
  name: 'libdns.googleclouddns',
  kind: 'libdns',
  implements: ['dns_provider'],
  doc: 'DNS provider for the ACME DNS-01 challenge.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    project: { type: 'string', required: true, doc: 'Project.' },
    service_account_json: { type: 'string', doc: 'Credentials file.' },
  },
  build: 'needs build tag libdns_googleclouddns or libdns_all',
  runtime: false,
  docPage: 'tls-acme.md',
  example: `dns googleclouddns {
    project p
}`,
});
