import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const tlsLoaderAcme = defineModule({
  name: 'tls.loader.acme',
  kind: 'tls_loader',
  implements: ['tls_loader'],
  doc: 'Certificates through ACME with the DNS-01 challenge.',
  dialects: everyDialect,
  inlineArgs: { rule: 'refused', error: 'tls.loader.acme: no inline args expected' },
  unknown: 'refused',
  directives: {
    debug,
    hostname: {
      type: 'string',
      required: true,
      inheritsGlobal: true,
      doc: 'Main name of the certificate.',
      snippet: 'hostname ${1:mx.example.org}',
    },
    extra_names: { type: 'string_list', doc: 'More names.' },
    store_path: {
      type: 'string',
      whenUnset: 'state_dir/acme',
      doc: 'Directory for account and certificates.',
      snippet: 'store_path ${1:value}',
    },
    ca: {
      type: 'string',
      whenUnset: "Let's Encrypt production",
      doc: 'ACME directory URL.',
      snippet: 'ca ${1:https://acme-v02.api.letsencrypt.org/directory}',
    },
    test_ca: {
      type: 'string',
      whenUnset: "Let's Encrypt staging",
      doc: 'ACME directory URL used for trial runs.',
      snippet: 'test_ca ${1:value}',
    },
    email: { type: 'string', doc: 'Contact address.', snippet: 'email ${1:admin@example.org}' },
    override_domain: { type: 'string', doc: 'Domain where the challenge record is placed.' },
    agreed: { type: 'bool', default: false, doc: 'Accept the terms of service of the CA.', snippet: 'agreed' },
    challenge: {
      type: 'enum',
      values: ['dns-01'],
      required: true,
      doc: 'Challenge type.',
      snippet: 'challenge dns-01',
    },
    dns: {
      type: 'module_ref',
      expects: 'dns_provider',
      doc: 'DNS provider module that creates the records.',
      snippet: `dns \${1:cloudflare} {
    api_token \${2:TOKEN}
}`,
    },
  },
  rules: [
    {
      kind: 'missing-part',
      about: ['dns'],
      holds: { required: ['dns'] },
      message: 'no DNS provider for the dns-01 challenge',
      details: ['Name the provider that hosts the zone, for example: dns cloudflare { api_token {env:CF_TOKEN} }'],
      maddy: 'tls.loader.acme: dns-01 challenge requires a configured DNS provider',
    },
  ],
  runtime: true,
  docPage: 'tls-acme.md',
  example: `tls {
    loader acme {
        hostname mx.example.org
        email admin@example.org
        agreed
        challenge dns-01
        dns cloudflare {
            api_token TOKEN
        }
    }
}`,
  notes: [
    'challenge must be given although only dns-01 exists: "missing required directive: challenge".',
    'dns is required in effect: "tls.loader.acme: dns-01 challenge requires a configured DNS provider".',
    'A named loader can be used by endpoints (tls &name) but not by the global tls directive, which is processed before any block exists: "no such instance registered".',
  ],
});
