import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const checkSpf = defineModule({
  name: 'check.spf',
  kind: 'check',
  implements: ['check'],
  doc: 'Evaluates the SPF policy of the sender domain.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    debug,
    enforce_early: {
      type: 'bool',
      inheritsGlobal: true,
      default: false,
      doc: 'Enforce the policy before the body is received, disregarding DMARC. A global enforce_early is looked up but cannot be declared.',
    },
    none_action: { type: 'fail_action', default: 'ignore', doc: 'Action when the domain has no policy.' },
    neutral_action: { type: 'fail_action', default: 'ignore', doc: 'Action on a neutral result.' },
    fail_action: { type: 'fail_action', default: 'quarantine', doc: 'Action on fail.' },
    softfail_action: { type: 'fail_action', default: 'ignore', doc: 'Action on softfail.' },
    permerr_action: { type: 'fail_action', default: 'ignore', doc: 'Action when the policy is broken.' },
    temperr_action: { type: 'fail_action', default: 'ignore', doc: 'Action on temporary DNS failure.' },
  },
  runtime: true,
  docPage: 'checks/spf.md',
  example: `check {
    spf {
        fail_action reject
        softfail_action quarantine
    }
}`,
  notes: [
    'The documentation gives other defaults for permerr_action and temperr_action (reject); the code uses ignore for both.',
  ],
});
