import { defineModule } from '../define.ts';
import { everyDialect, madmailGo } from '../dialects.ts';
import { sqlDrivers, sqlSource } from '../shared/sql.ts';

export const tableSqlQuery = defineModule({
  name: 'table.sql_query',
  kind: 'table',
  implements: ['table', 'multi_table'],
  doc: 'Table backed by SQL statements.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    ...sqlSource,
    lookup: {
      type: 'string',
      required: true,
      doc: 'Query run for lookups; gets the key and must yield one column.',
      snippet: 'lookup ${1:"SELECT value FROM t WHERE key = \\$1"}',
    },
    init: {
      type: 'string_list',
      doc: 'Statements run at load time, one per argument.',
      snippet: 'init ${1:"CREATE TABLE IF NOT EXISTS t (key TEXT, value TEXT)"}',
    },
    named_args: { type: 'bool', default: false, doc: 'Pass :key and :value as named parameters (not with postgres).' },
    add: {
      type: 'string',
      doc: 'Insert statement.',
      snippet: 'add ${1:"INSERT INTO t (key, value) VALUES (\\$1, \\$2)"}',
    },
    list: { type: 'string', doc: 'Statement listing keys.', snippet: 'list ${1:"SELECT key FROM t"}' },
    set: { type: 'string', doc: 'Update statement.', snippet: 'set ${1:"UPDATE t SET value = \\$2 WHERE key = \\$1"}' },
    del: { type: 'string', doc: 'Delete statement.', snippet: 'del ${1:"DELETE FROM t WHERE key = \\$1"}' },
    upsert: { type: 'string', doc: 'Statement used to write a key in one step.', dialects: madmailGo },
  },
  rules: [
    {
      kind: 'value',
      about: ['driver'],
      holds: { properties: { driver: { enum: sqlDrivers } } },
      message: 'unknown SQL driver "{driver}"',
      details: ['Known drivers: sqlite3, postgres, mysql (also for MariaDB).'],
      maddy: 'failed to open db: sql: unknown driver "{driver}" (forgotten import?)',
      maddyAt: 'block',
    },
    {
      kind: 'conflict',
      about: ['named_args', 'driver'],
      holds: {
        not: {
          properties: { named_args: { const: true }, driver: { const: 'postgres' } },
          required: ['named_args', 'driver'],
        },
      },
      message: 'named_args does not work with PostgreSQL',
      details: ['PostgreSQL knows only $1, $2 …: remove named_args and number the arguments.'],
      maddy: 'PostgreSQL driver does not support named_args',
      maddyAt: 'block',
    },
    { check: 'sql' },
  ],
  runtime: true,
  docPage: 'table/sql_query.md',
  example: `table.sql_query users {
    driver sqlite3
    dsn users.db
    init "CREATE TABLE IF NOT EXISTS users (name TEXT, address TEXT)"
    lookup "SELECT address FROM users WHERE name = $1"
}`,
  notes: [
    'The database is opened and all statements are prepared at load time, so a wrong statement or missing table is a load error.',
    'driver postgres with named_args: "PostgreSQL driver does not support named_args".',
    'With driver mysql a parameter is a question mark, the key before the value. maddyc also takes $1, $2, :key and :value; maddy 0.9.4 does not.',
    'Empty arguments are allowed.',
  ],
});
