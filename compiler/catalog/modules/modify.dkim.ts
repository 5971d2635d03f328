import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const modifyDkim = defineModule({
  name: 'modify.dkim',
  kind: 'modifier',
  implements: ['modifier'],
  doc: 'Signs messages with DKIM, generating a key when none exists.',
  dialects: everyDialect,
  inlineArgs: {
    rule: 'positional',
    args: [
      { name: 'domain', type: 'string', into: 'domains', doc: 'Domains to sign for.', repeated: true },
      { name: 'selector', type: 'string', into: 'selector', doc: 'Selector, the last argument.' },
    ],
    combine: 'fallback',
    tooFew: 'modify.dkim: at least two arguments required',
  },
  unknown: 'refused',
  directives: {
    debug,
    domains: { type: 'string_list', doc: 'Domains to sign for.', snippet: 'domains ${1:\\$(primary_domain)}' },
    selector: { type: 'string', doc: 'Selector.', snippet: 'selector ${1:default}' },
    key_path: {
      type: 'string',
      default: 'dkim_keys/{domain}_{selector}.key',
      doc: 'Key file template; {domain} and {selector} are replaced.',
      snippet: 'key_path ${1:dkim_keys/{domain\\}_{selector\\}.key}',
    },
    oversign_fields: {
      type: 'string_list',
      default: [
        'Subject',
        'Sender',
        'To',
        'Cc',
        'From',
        'Date',
        'MIME-Version',
        'Content-Type',
        'Content-Transfer-Encoding',
        'Reply-To',
        'In-Reply-To',
        'Message-Id',
        'References',
        'Autocrypt',
        'Openpgp',
      ],
      doc: 'Fields signed one extra time so they cannot be added later.',
      snippet: 'oversign_fields ${1:value}',
    },
    sign_fields: {
      type: 'string_list',
      default: [
        'List-Id',
        'List-Help',
        'List-Unsubscribe',
        'List-Post',
        'List-Owner',
        'List-Archive',
        'Resent-To',
        'Resent-Sender',
        'Resent-Message-Id',
        'Resent-Date',
        'Resent-From',
        'Resent-Cc',
      ],
      doc: 'Fields signed as many times as present.',
      snippet: 'sign_fields ${1:value}',
    },
    header_canon: { type: 'enum', values: ['relaxed', 'simple'], default: 'relaxed', doc: 'Header canonicalisation.' },
    body_canon: { type: 'enum', values: ['relaxed', 'simple'], default: 'relaxed', doc: 'Body canonicalisation.' },
    sig_expiry: { type: 'duration', default: '120h', doc: 'Signature lifetime; 0 disables expiry.' },
    hash: { type: 'enum', values: ['sha256'], default: 'sha256', doc: 'Hash algorithm.' },
    newkey_algo: {
      type: 'enum',
      values: ['rsa4096', 'rsa2048', 'ed25519'],
      default: 'rsa2048',
      doc: 'Algorithm of generated keys.',
    },
    allow_multiple_from: { type: 'bool', default: false, doc: 'Sign messages with several From addresses.' },
    sign_subdomains: { type: 'bool', default: false, doc: 'Also sign for subdomains; needs exactly one domain.' },
  },
  rules: [
    {
      kind: 'missing-part',
      about: ['domains'],
      holds: { required: ['domains'] },
      message: 'no domain to sign for',
      details: ['Write dkim DOMAIN… SELECTOR, or set domains and selector.'],
      maddy: 'sign_domain: at least one domain is needed',
    },
    {
      kind: 'missing-part',
      about: ['selector'],
      holds: { required: ['selector'] },
      message: 'no DKIM selector',
      details: [
        'The selector names the key in DNS (SELECTOR._domainkey.DOMAIN): write it as last argument, or set selector.',
      ],
      maddy: 'sign_domain: selector is not specified',
    },
    {
      kind: 'conflict',
      about: ['sign_subdomains', 'domains'],
      holds: {
        anyOf: [
          { not: { properties: { sign_subdomains: { const: true } }, required: ['sign_subdomains'] } },
          { properties: { domains: { maxItems: 1 } } },
        ],
      },
      message: 'sign_subdomains works with one domain only',
      details: ['Use one dkim modifier for each domain.'],
      maddy: 'sign_domain: only one domain is supported when sign_subdomains is enabled',
    },
  ],
  runtime: true,
  docPage: 'modifiers/dkim.md',
  example: `modify {
    dkim $(primary_domain) $(local_domains) default
}`,
  notes: [
    'Signature expiry default is 5 days.',
    'Domain and selector must be set one way or the other: "sign_domain: at least one domain is needed", "sign_domain: selector is not specified".',
    'The same domain may be listed twice without complaint.',
  ],
});
