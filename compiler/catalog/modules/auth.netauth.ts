import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const authNetauth = defineModule({
  name: 'auth.netauth',
  kind: 'auth',
  implements: ['plain_auth', 'table'],
  doc: 'NetAuth server, configured through the NetAuth client configuration file.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'refused', error: 'auth.netauth: inline arguments are not used' },
  unknown: 'refused',
  directives: {
    require_group: { type: 'string', doc: 'Group the user must be in.' },
    debug,
  },
  environment: 'Loads the NetAuth client library settings; may fail when none are present.',
  runtime: false,
  docPage: 'auth/netauth.md',
  example: `auth netauth {
    require_group mail
}`,
});
