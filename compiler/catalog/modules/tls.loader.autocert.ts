import { defineModule } from '../define.ts';
import { madmailGo } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const tlsLoaderAutocert = defineModule({
  name: 'tls.loader.autocert',
  kind: 'tls_loader',
  implements: ['tls_loader'],
  doc: 'Certificates through ACME with the HTTP-01 challenge.',
  dialects: madmailGo,
  inlineArgs: { rule: 'refused', error: 'tls.loader.autocert: no inline args expected' },
  unknown: 'refused',
  directives: {
    debug,
    hostname: { type: 'string', required: true, inheritsGlobal: true, doc: 'Main name.' },
    extra_names: { type: 'string_list', doc: 'More names.' },
    cache_dir: {
      type: 'string',
      default: '/var/lib/maddy/autocert',
      doc: 'Cache directory.',
      snippet: 'cache_dir ${1:value}',
    },
    email: { type: 'string', doc: 'Contact address.' },
    agreed: { type: 'bool', default: false, doc: 'Accept the terms of service; required.' },
    listen: { type: 'string', default: ':80', doc: 'Address of the challenge server.', snippet: 'listen ${1:value}' },
  },
  rules: [
    {
      kind: 'missing-part',
      about: ['agreed'],
      holds: { properties: { agreed: { const: true } } },
      message: 'the terms of service of the certificate authority are not accepted',
      details: ['Read them, then write agreed.'],
      maddy: "tls.loader.autocert: you must set 'agreed' to accept Let's Encrypt ToS",
    },
  ],
  runtime: false,
  example: `tls {
    loader autocert {
        hostname mx.example.org
        email admin@example.org
        agreed
    }
}`,
  notes: ["Without agreed: \"tls.loader.autocert: you must set 'agreed' to accept Let's Encrypt ToS\"."],
});
