import { defineModule } from '../define.ts';
import { dnsProvider } from '../shared/dns-provider.ts';

export const libdnsGcore = defineModule({
  ...dnsProvider,
  name: 'libdns.gcore',
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
  example: `dns gcore {
    api_key x
}`,
  notes: [
    'Required in effect: "libdns.gcore: api_key should be specified"; this message also hides other errors of the block.',
  ],
});
