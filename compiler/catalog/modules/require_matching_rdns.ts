import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const requireMatchingRdns = defineModule({
  name: 'require_matching_rdns',
  kind: 'check',
  implements: ['check'],
  doc: 'Requires the PTR record of the client to match its EHLO name.',
  dialects: everyDialect,
  inlineArgs: { rule: 'refused', error: 'check.require_matching_rdns: inline arguments are not used' },
  unknown: 'refused',
  directives: {
    debug,
    fail_action: { type: 'fail_action', default: 'quarantine', doc: 'Action when the requirement is not met.' },
  },
  runtime: false,
  docPage: 'checks/misc.md',
  example: `check {
    require_matching_rdns {
        fail_action quarantine
    }
}`,
  notes: [
    'Registered without a namespace: "check.require_matching_rdns" does not exist, neither inline nor at top level.',
  ],
});
