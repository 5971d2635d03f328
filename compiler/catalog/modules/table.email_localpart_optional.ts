import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const tableEmailLocalpartOptional = defineModule({
  name: 'table.email_localpart_optional',
  kind: 'table',
  implements: ['table'],
  doc: 'Returns the local part of an address; non-addresses are returned unchanged.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  registersAs: 'module-name',
  unknown: 'ignored',
  directives: {},
  runtime: true,
  docPage: 'table/email_localpart.md',
  example: 'auth_map email_localpart_optional',
  notes: [
    'Registers itself under its own module name instead of the block name: "table.email_localpart_optional x { }" must be referenced as "&table.email_localpart_optional", "&x" fails with "no such instance registered", and a second such block fails with "config block named table.email_localpart_optional already exists".',
    'Not a multi-value table.',
    'Ignores arguments and block content.',
  ],
});
