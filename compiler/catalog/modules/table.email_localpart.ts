import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const tableEmailLocalpart = defineModule({
  name: 'table.email_localpart',
  kind: 'table',
  implements: ['table'],
  doc: 'Returns the local part of an address; fails the lookup for non-addresses.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  registersAs: 'module-name',
  unknown: 'ignored',
  directives: {},
  runtime: true,
  docPage: 'table/email_localpart.md',
  example: 'auth_map email_localpart',
  notes: [
    'Registers itself under its own module name instead of the block name: "table.email_localpart x { }" must be referenced as "&table.email_localpart", "&x" fails with "no such instance registered", and a second such block fails with "config block named table.email_localpart already exists".',
    'Not a multi-value table.',
    'Ignores arguments and block content.',
  ],
});
