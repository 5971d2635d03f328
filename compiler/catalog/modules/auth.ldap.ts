import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';
import { debug } from '../shared/debug.ts';
import { ldap } from '../shared/ldap.ts';

export const authLdap = defineModule({
  name: 'auth.ldap',
  kind: 'auth',
  implements: ['plain_auth', 'table'],
  doc: 'LDAP directory: by DN template, or by search and bind.',
  dialects: maddyOnly,
  inlineArgs: {
    rule: 'positional',
    args: [{ name: 'url', type: 'string', into: 'urls', doc: 'Server URLs.', repeated: true }],
    combine: 'append',
  },
  unknown: 'refused',
  directives: {
    ...ldap,
    debug,
  },
  rules: [
    {
      kind: 'conflict',
      about: ['dn_template', 'base_dn', 'filter'],
      holds: { not: { anyOf: [{ required: ['dn_template', 'base_dn'] }, { required: ['dn_template', 'filter'] }] } },
      message: 'dn_template excludes base_dn and filter',
      details: [
        'dn_template builds the name of an entry directly; base_dn and filter search for it. Keep one of the two ways.',
      ],
      maddy: 'auth.ldap: search directives set when dn_template is used',
    },
    {
      kind: 'missing-part',
      about: ['base_dn', 'dn_template'],
      holds: {
        anyOf: [
          { required: ['base_dn'], properties: { base_dn: { minLength: 1 } } },
          { required: ['dn_template'], properties: { dn_template: { minLength: 1 } } },
        ],
      },
      message: 'neither dn_template nor base_dn is set',
      details: ['Give dn_template, or both base_dn and filter.'],
      maddy: 'auth.ldap: base_dn not set',
    },
    {
      kind: 'missing-part',
      about: ['filter', 'dn_template'],
      holds: {
        anyOf: [
          { required: ['filter'], properties: { filter: { minLength: 1 } } },
          { required: ['dn_template'], properties: { dn_template: { minLength: 1 } } },
        ],
      },
      message: 'neither dn_template nor filter is set',
      details: ['Give dn_template, or both base_dn and filter.'],
      maddy: 'auth.ldap: filter not set',
    },
  ],
  runtime: true,
  docPage: 'auth/ldap.md',
  example: `auth.ldap ldap_users {
    urls ldap://127.0.0.1
    dn_template "uid={username},ou=people,dc=example,dc=org"
}`,
  notes: [
    'Servers are not contacted and URLs are not parsed at load time; no URL at all is accepted.',
    'Either dn_template, or both base_dn and filter: "auth.ldap: base_dn not set", "auth.ldap: filter not set", "auth.ldap: search directives set when dn_template is used".',
  ],
});
