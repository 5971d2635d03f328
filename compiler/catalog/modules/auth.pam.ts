import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const authPam = defineModule({
  name: 'auth.pam',
  kind: 'auth',
  implements: ['plain_auth'],
  reportedName: 'pam',
  doc: 'PAM, through libpam or a helper program.',
  dialects: maddyOnly,
  inlineArgs: { rule: 'refused', error: 'pam: inline arguments are not used' },
  unknown: 'refused',
  directives: {
    debug,
    use_helper: { type: 'bool', default: false, doc: 'Use maddy-pam-helper from the libexec directory.' },
  },
  environment:
    'standard builds lack libpam: "pam: this build lacks support for direct libpam invocation, use helper binary"; with use_helper: "pam: no helper binary (maddy-pam-helper) found in DIR"',
  runtime: true,
  docPage: 'auth/pam.md',
  example: `auth pam {
    use_helper yes
}`,
  notes: ['Not usable as a table.'],
});
