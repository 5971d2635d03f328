import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';
import { ownDebug } from '../shared/debug.ts';

export const authExternal = defineModule({
  name: 'auth.external',
  kind: 'auth',
  implements: ['plain_auth'],
  doc: 'Runs a helper program that receives credentials on standard input.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'refused', error: 'external: inline arguments are not used' },
  unknown: 'refused',
  directives: {
    debug: ownDebug,
    perdomain: { type: 'bool', default: false, doc: 'Split user@domain and check the domain against domains.' },
    domains: { type: 'string_list', doc: 'Accepted domains.' },
    helper: { type: 'string', doc: 'Path of the helper. Default: maddy-auth-helper in the libexec directory.' },
  },
  rules: [
    {
      kind: 'missing-part',
      about: ['domains', 'perdomain'],
      holds: {
        anyOf: [
          { not: { properties: { perdomain: { const: true } }, required: ['perdomain'] } },
          { required: ['domains'] },
        ],
      },
      message: 'perdomain needs domains',
      details: ['List the domains whose users may log in: domains example.org'],
      maddy: 'auth_domains must be set if auth_perdomain is used',
    },
  ],
  runtime: true,
  docPage: 'auth/external.md',
  example: `auth.external shell_auth {
    helper /usr/lib/maddy/auth-helper
}`,
  notes: ['The helper must exist at load time: "PATH doesn\'t exist".', 'Not usable as a table.'],
});
