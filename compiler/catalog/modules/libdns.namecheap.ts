import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const libdnsNamecheap = defineModule({
  name: 'libdns.namecheap',
  kind: 'libdns',
  implements: ['dns_provider'],
  doc: 'DNS provider for the ACME DNS-01 challenge.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    api_key: { type: 'string', required: true, secretFrom: 0, doc: 'API key.' },
    api_username: { type: 'string', required: true, doc: 'Account name.' },
    endpoint: { type: 'string', doc: 'API URL.' },
    client_ip: { type: 'string', doc: 'Client address to report.' },
  },
  runtime: false,
  docPage: 'tls-acme.md',
  example: `dns namecheap {
    api_key a
    api_username b
}`,
});
