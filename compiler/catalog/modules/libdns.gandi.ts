import { defineModule } from '../define.ts';
import { dnsProvider } from '../shared/dns-provider.ts';

export const libdnsGandi = defineModule({
  ...dnsProvider,
  name: 'libdns.gandi',
  directives: {
    api_token: { type: 'string', deprecated: 'personal_token', secretFrom: 0, doc: 'Old-style API key.' },
    personal_token: { type: 'string', secretFrom: 0, doc: 'Personal access token.' },
  },
  rules: [
    {
      kind: 'missing-part',
      about: ['personal_token', 'api_token'],
      holds: { anyOf: [{ required: ['api_token'] }, { required: ['personal_token'] }] },
      message: 'no access token',
      details: ['Set personal_token.'],
      maddy: 'libdns.gandi: either api_token or personal_token should be specified',
      early: true,
    },
  ],
  example: `dns gandi {
    personal_token x
}`,
  notes: [
    'One of the two is required: "libdns.gandi: either api_token or personal_token should be specified" (checked even before syntax errors of the block are reported).',
  ],
});
