import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const requireMxRecord = defineModule({
  name: 'require_mx_record',
  kind: 'check',
  implements: ['check'],
  doc: 'Requires the sender domain to have MX records (and no null MX).',
  dialects: everyDialect,
  inlineArgs: { rule: 'refused', error: 'check.require_mx_record: inline arguments are not used' },
  unknown: 'refused',
  directives: {
    debug,
    fail_action: { type: 'fail_action', default: 'quarantine', doc: 'Action when the requirement is not met.' },
  },
  runtime: true,
  docPage: 'checks/misc.md',
  example: `check {
    require_mx_record {
        fail_action quarantine
    }
}`,
  notes: ['Registered without a namespace: "check.require_mx_record" does not exist, neither inline nor at top level.'],
});
