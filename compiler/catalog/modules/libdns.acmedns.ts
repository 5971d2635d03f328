import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const libdnsAcmedns = defineModule({
  name: 'libdns.acmedns',
  kind: 'libdns',
  implements: ['dns_provider'],
  doc: 'DNS provider for the ACME DNS-01 challenge.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    username: { type: 'string', required: true, doc: 'User name.' },
    password: { type: 'string', required: true, secretFrom: 0, doc: 'Password.' },
    subdomain: { type: 'string', required: true, doc: 'Subdomain.' },
    server_url: { type: 'string', required: true, doc: 'Server URL.' },
  },
  build: 'needs build tag libdns_acmedns or libdns_all',
  runtime: false,
  docPage: 'tls-acme.md',
  example: `dns acmedns {
    username a
    password b
    subdomain c
    server_url d
}`,
});
