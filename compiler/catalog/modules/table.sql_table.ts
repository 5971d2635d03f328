import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { sqlDrivers, sqlSource } from '../shared/sql.ts';

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
      holds: { properties: { driver: { enum: sqlDrivers } } },
      message: 'unknown SQL driver "{driver}"',
      details: ['Known drivers: sqlite3, postgres, mysql (also for MariaDB).'],
      maddy: 'failed to open db: sql: unknown driver "{driver}" (forgotten import?)',
    },
    { check: 'sql' },
  ],
  runtime: true,
  docPage: 'table/sql_query.md',
  example: `table sql_table {
    driver sqlite3
    dsn credentials.db
    table_name passwords
}`,
  notes: [
    'With driver mysql, maddyc makes keys of up to 512 characters that differ in case and in blanks at the end, and quotes names. maddy 0.9.4 cannot make the table: it stops at the start.',
    'For other databases names are pasted into SQL unquoted: "init query failed: ..." appears for names that are not valid identifiers.',
  ],
});
