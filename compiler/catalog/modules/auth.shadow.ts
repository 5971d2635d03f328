import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const authShadow = defineModule({
  name: 'auth.shadow',
  kind: 'auth',
  implements: ['plain_auth'],
  reportedName: 'shadow',
  doc: 'System accounts from /etc/shadow, directly or through a helper program.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'refused', error: 'shadow: inline arguments are not used' },
  unknown: 'refused',
  directives: {
    debug,
    use_helper: { type: 'bool', default: false, doc: 'Use maddy-shadow-helper from the libexec directory.' },
  },
  environment:
    '/etc/shadow must be readable: "shadow: can\'t read /etc/shadow due to permission error, use helper binary or run maddy as a privileged user"',
  runtime: true,
  docPage: 'auth/shadow.md',
  example: 'auth shadow',
  notes: ['Documented as usable as a table, but it does not satisfy the table interface in this version.'],
});
