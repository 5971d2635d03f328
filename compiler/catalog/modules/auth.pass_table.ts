import { defineModule } from '../define.ts';
import { everyDialect, madmailGo, madmailOnly, madmailRust } from '../dialects.ts';

export const authPassTable = defineModule({
  name: 'auth.pass_table',
  kind: 'auth',
  implements: ['plain_auth', 'table', 'user_db'],
  doc: 'User names and password hashes from a table.',
  dialects: everyDialect,
  inlineArgs: {
    rule: 'module',
    into: 'table',
    expects: 'table',
    doc: 'Table with its arguments and block, given directly.',
  },
  unknown: 'refused',
  directives: {
    table: {
      type: 'module_ref',
      expects: 'table',
      required: true,
      doc: 'Table with values of the form "hash:data" (bcrypt, argon2, sha256).',
      snippet: `table \${1:sql_table} {
    driver sqlite3
    dsn credentials.db
    table_name passwords
}`,
    },
    auto_create: { type: 'bool', default: false, doc: 'Create accounts on first login.', dialects: madmailOnly },
    jit_domain: { type: 'string', doc: 'Only create accounts of this domain on first login.', dialects: madmailOnly },
    settings_table: {
      type: 'module_ref',
      expects: 'table',
      doc: 'Table with runtime settings.',
      snippet: 'settings_table ${1:&local_rewrites}',
      dialects: madmailGo,
    },
    driver: { type: 'string', dialects: madmailRust, doc: 'From table sql_table { }.' },
    dsn: { type: 'string', dialects: madmailRust, doc: 'From table sql_table { } or directly.', secretFrom: 0 },
  },
  runtime: true,
  docPage: 'auth/pass_table.md',
  example: `auth.pass_table local_authdb {
    table sql_table {
        driver sqlite3
        dsn credentials.db
        table_name passwords
    }
}`,
  notes: [
    'With inline arguments the block belongs to the table: `auth pass_table file /etc/maddy/passwd`.',
    'User management commands need a table with keys that can be changed (sql_table, or sql_query with list/add/set/del).',
  ],
});
