import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const modifyArc = defineModule({
  name: 'modify.arc',
  kind: 'modifier',
  implements: ['modifier'],
  extension: true,
  doc: 'Seals mail that is forwarded (ARC, RFC 8617): the next server can see what was found here. An extension of maddyc: maddy does not have it.',
  dialects: maddyOnly,
  inlineArgs: {
    rule: 'positional',
    args: [
      { name: 'domain', type: 'string', into: 'domain', doc: 'Domain that seals.' },
      { name: 'selector', type: 'string', into: 'selector', doc: 'Selector of its key.' },
    ],
    combine: 'fallback',
    tooMany: 'modify.arc: a domain and a selector expected',
  },
  unknown: 'refused',
  directives: {
    debug,
    domain: { type: 'string', doc: 'Domain that seals.', snippet: 'domain ${1:\\$(primary_domain)}' },
    selector: { type: 'string', doc: 'Selector of its key.', snippet: 'selector ${1:default}' },
    key_path: {
      type: 'string',
      default: 'dkim_keys/{domain}_{selector}.key',
      doc: 'Key file template; {domain} and {selector} are replaced. A key of modify.dkim can be used.',
      snippet: 'key_path ${1:dkim_keys/{domain\\}_{selector\\}.key}',
    },
    newkey_algo: {
      type: 'enum',
      values: ['rsa4096', 'rsa2048', 'ed25519'],
      default: 'rsa2048',
      doc: 'Algorithm of a key that is made because it is missing.',
    },
    hostname: { type: 'string', inheritsGlobal: true, doc: 'Name of the server in Authentication-Results.' },
  },
  rules: [
    {
      kind: 'missing-part',
      about: ['domain', 'selector'],
      holds: { required: ['domain', 'selector'] },
      message: 'no domain or no selector to seal with',
      details: ['Write arc DOMAIN SELECTOR, with the domain and selector of a DKIM key.'],
      maddy: 'modify.arc: a domain and a selector expected',
    },
  ],
  runtime: true,
  docPage: '',
  example: `modify {
    arc $(primary_domain) default
}`,
});
