import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';

export const libdnsGcore = defineModule({
  name: 'libdns.gcore',
  kind: 'libdns',
  implements: ['dns_provider'],
  doc: 'DNS provider for the ACME DNS-01 challenge.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    api_key: { type: 'string', secretFrom: 0, doc: 'API key.' },
  },
  rules: [
    {
      kind: 'missing-part',
      about: ['api_key'],
      holds: { required: ['api_key'], properties: { api_key: { minLength: 1 } } },
      message: 'no API key',
      details: ['Set api_key.'],
      maddy: 'libdns.gcore: api_key should be specified',
      early: true,
    },
  ],
  runtime: false,
  docPage: 'tls-acme.md',
  example: `dns gcore {
    api_key x
}`,
  notes: [
    'Required in effect: "libdns.gcore: api_key should be specified"; this message also hides other errors of the block.',
  ],
});
