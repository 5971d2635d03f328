import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { sqlSource } from '../shared/sql.ts';

export const tableSqlTable = defineModule({
  name: 'table.sql_table',
  kind: 'table',
  implements: ['table', 'multi_table'],
  doc: 'Two-column SQL table; created when missing.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    ...sqlSource,
    table_name: { type: 'string', required: true, doc: 'Table name.', snippet: 'table_name ${1:passwords}' },
    key_column: { type: 'string', default: 'key', doc: 'Key column name.', snippet: 'key_column ${1:value}' },
    value_column: { type: 'string', default: 'value', doc: 'Value column name.', snippet: 'value_column ${1:value}' },
  },
  rules: [
    {
      kind: 'value',
      about: ['driver'],
      holds: { properties: { driver: { enum: ['sqlite3', 'sqlite', 'postgres'] } } },
      message: 'unknown SQL driver "{driver}"',
      details: ['Known drivers: sqlite3, postgres.'],
      maddy: 'failed to open db: sql: unknown driver "{driver}" (forgotten import?)',
    },
  ],
  runtime: true,
  docPage: 'table/sql_query.md',
  example: `table sql_table {
    driver sqlite3
    dsn credentials.db
    table_name passwords
}`,
  notes: [
    'Names are pasted into SQL unquoted: "init query failed: ..." appears for names that are not valid identifiers.',
  ],
});
