import { defineModule } from '../define.ts';
import { requireMxRecord } from './require_mx_record.ts';

export const requireMatchingRdns = defineModule({
  ...requireMxRecord,
  name: 'require_matching_rdns',
  doc: 'Requires the PTR record of the client to match its EHLO name.',
  inlineArgs: { rule: 'refused', error: 'check.require_matching_rdns: inline arguments are not used' },
  runtime: true,
  example: `check {
    require_matching_rdns {
        fail_action quarantine
    }
}`,
  notes: [
    'Registered without a namespace: "check.require_matching_rdns" does not exist, neither inline nor at top level.',
  ],
});
