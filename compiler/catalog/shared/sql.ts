import { defineDirectives } from '../define.ts';

export const sqlSource = defineDirectives({
  driver: {
    type: 'string',
    values: ['sqlite3', 'postgres', 'mysql'],
    required: true,
    doc: 'SQL driver: sqlite3, postgres, or mysql for MySQL and MariaDB.',
    snippet: 'driver ${1|sqlite3,postgres,mysql|}',
  },
  dsn: {
    type: 'string_list',
    required: true,
    secretFrom: 0,
    doc: 'Data source; arguments are joined with spaces. A file for SQLite, `key=value` words or a `postgres://` URL for PostgreSQL, `USER:PASSWORD@tcp(HOST:PORT)/DATABASE` or `USER:PASSWORD@unix(SOCKET)/DATABASE` for MySQL and MariaDB.',
    snippet: 'dsn ${1:table.db}',
  },
});

/** `sqlite` is what Go's other driver for SQLite is called. */
export const sqlDrivers = ['sqlite3', 'sqlite', 'postgres', 'mysql'] as const;

/** The statements of `table.sql_query`, and how many parameters each gets: the key, and the value after it. */
export const sqlStatements = [
  { name: 'lookup', parameters: 1 },
  { name: 'list', parameters: 0 },
  { name: 'add', parameters: 2 },
  { name: 'set', parameters: 2 },
  { name: 'del', parameters: 1 },
] as const;
