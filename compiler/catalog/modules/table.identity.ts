import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const tableIdentity = defineModule({
  name: 'table.identity',
  kind: 'table',
  implements: ['table'],
  doc: 'Returns the key itself.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  registersAs: 'module-name',
  unknown: 'ignored',
  directives: {},
  runtime: true,
  example: 'user_to_email identity',
  notes: [
    'Registers itself under its own module name instead of the block name: "table.identity x { }" must be referenced as "&table.identity", "&x" fails with "no such instance registered", and a second such block fails with "config block named table.identity already exists".',
    'Not a multi-value table.',
    'Ignores arguments and block content.',
  ],
});
