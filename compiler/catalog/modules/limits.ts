import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const limits = defineModule({
  name: 'limits',
  kind: 'group',
  implements: ['limits_group'],
  doc: 'Rate/concurrency limit group, shareable by name.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: { values: 'limit', maddy: 'unknown limit scope: {name}' },
  directives: {
    all: {
      type: 'limit',
      outOfRange: '(crash) makechan: size out of range',
      repeatable: 'list',
      doc: '`all rate BURST [PERIOD]` or `all concurrency MAX`: one limit for everything.',
      snippet: 'all ${1|rate,concurrency|} ${2:20}',
    },
    ip: { type: 'limit', repeatable: 'list', doc: 'Per client address.', snippet: 'ip ${1|rate,concurrency|} ${2:20}' },
    source: {
      type: 'limit',
      repeatable: 'list',
      doc: 'Per sender domain.',
      snippet: 'source ${1|rate,concurrency|} ${2:20}',
    },
    destination: {
      type: 'limit',
      repeatable: 'list',
      doc: 'Per recipient domain (only effective in target.remote).',
      snippet: 'destination ${1|rate,concurrency|} ${2:20}',
    },
  },
  runtime: true,
  docPage: 'endpoints/smtp.md',
  example: `limits shared_limits {
    all rate 20 1s
}`,
  notes: [
    'Unknown scope message: "unknown limit scope: X". The kind is checked before the scope.',
    'Duration here is a single argument (not joined).',
    'Negative or zero numbers are not rejected.',
  ],
});
