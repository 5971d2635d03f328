import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const dummy = defineModule({
  name: 'dummy',
  kind: 'other',
  implements: ['delivery_target', 'table', 'multi_table', 'plain_auth'],
  doc: 'Accepts everything and does nothing; for tests.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: 'ignored',
  directives: {},
  runtime: true,
  example: 'deliver_to dummy',
  notes: [
    'Accepts every login as an auth provider: never use it in production.',
    'Arguments and block contents are not looked at.',
  ],
});
