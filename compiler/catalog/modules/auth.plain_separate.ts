import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';
import { ownDebug } from '../shared/debug.ts';

export const authPlainSeparate = defineModule({
  name: 'auth.plain_separate',
  kind: 'auth',
  implements: ['plain_auth', 'table'],
  doc: 'User existence from tables, passwords from other providers.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'refused', error: 'plain_separate: inline arguments are not used' },
  unknown: 'refused',
  directives: {
    debug: ownDebug,
    user: {
      type: 'module_ref',
      expects: 'table',
      repeatable: 'list',
      doc: 'Table that must contain the user; repeatable (any match is enough).',
      snippet: 'user ${1:file /etc/maddy/users}',
    },
    pass: {
      type: 'module_ref',
      expects: 'plain_auth',
      repeatable: 'list',
      doc: 'Provider that checks the password; repeatable.',
      snippet: 'pass ${1:pam}',
    },
  },
  runtime: true,
  docPage: 'auth/plain_separate.md',
  example: `auth.plain_separate combined {
    user file /etc/maddy/users
    pass pam
}`,
  notes: [
    'With no pass directive every password is accepted for known users (the last error stays empty): never leave it out.',
  ],
});
