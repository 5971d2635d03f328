import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const tableChain = defineModule({
  name: 'table.chain',
  kind: 'table',
  implements: ['table', 'multi_table'],
  doc: 'Feeds the result of each step into the next.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    step: {
      type: 'module_ref',
      expects: 'table',
      repeatable: 'list',
      collect: { into: 'steps', as: 'table', add: { optional: false } },
      doc: 'Mandatory step: a missing key fails the whole lookup.',
      snippet: 'step ${1:file /etc/maddy/aliases}',
    },
    optional_step: {
      type: 'module_ref',
      expects: 'table',
      repeatable: 'list',
      collect: { into: 'steps', as: 'table', add: { optional: true } },
      doc: 'Step that is skipped when the key is missing.',
      snippet: 'optional_step ${1:regexp "(.+)\\+(.+)@(.+)" "\\$1@\\$3"}',
    },
  },
  runtime: true,
  docPage: 'table/chain.md',
  example: `table.chain local_rewrites {
    optional_step file /etc/maddy/aliases
}`,
  notes: ['An empty chain returns the key unchanged.'],
});
