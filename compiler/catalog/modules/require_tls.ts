import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const requireTls = defineModule({
  name: 'require_tls',
  kind: 'check',
  implements: ['check'],
  doc: 'Requires the session to use TLS.',
  dialects: everyDialect,
  inlineArgs: { rule: 'refused', error: 'check.require_tls: inline arguments are not used' },
  unknown: 'refused',
  directives: {
    debug,
    fail_action: { type: 'fail_action', default: 'reject', doc: 'Action when the requirement is not met.' },
  },
  runtime: true,
  docPage: 'checks/misc.md',
  example: `check {
    require_tls {
        fail_action quarantine
    }
}`,
  notes: ['Registered without a namespace: "check.require_tls" does not exist, neither inline nor at top level.'],
});
