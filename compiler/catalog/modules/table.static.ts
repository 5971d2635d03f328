import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const tableStatic = defineModule({
  name: 'table.static',
  kind: 'table',
  implements: ['table', 'multi_table'],
  doc: 'Fixed key to value map written in the configuration.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  registersAs: 'module-name',
  unknown: 'refused',
  directives: {
    entry: {
      type: 'static_entry',
      repeatable: 'list',
      collect: { into: 'entries', unique: 'key' },
      doc: '`entry KEY VALUE...`; a later entry for the same key replaces the earlier one.',
      snippet: 'entry ${1:key} ${2:value}',
    },
  },
  runtime: true,
  docPage: 'table/static.md',
  example: `auth_map static {
    entry alice bob
}`,
  notes: [
    'Registers itself under its own module name instead of the block name: "table.static x { }" must be referenced as "&table.static", "&x" fails with "no such instance registered", and a second such block fails with "config block named table.static already exists".',
  ],
});
