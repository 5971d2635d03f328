import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Table } from '../../module.ts';

/** Another process may hold the file for so long; the event loop waits with us. */
const busyMilliseconds = 2_000;

/** Opens the database of a `dsn`: a path, or `file:PATH?…` as the Go driver takes it; relative ones lie below `stateDir`. */
export function openDatabase(driver: string, dsn: readonly string[], stateDir: string): DatabaseSync {
  if (driver !== 'sqlite3' && driver !== 'sqlite') throw new Error(`maddyc does not run the SQL driver ${driver} yet`);
  const text = dsn.join(' ');
  const path = text.replace(/^file:(?:\/\/)?/, '').replace(/\?.*$/s, '');
  const database = new DatabaseSync(path === ':memory:' ? path : resolve(stateDir, path));
  database.exec(`PRAGMA busy_timeout = ${busyMilliseconds}`);
  return database;
}

/** First column of all rows of a query whose parameter, `$1`, `?`, `:key` or `@key`, is the key. */
export function queryTable(database: DatabaseSync, query: string): Table {
  const statement = database.prepare(query);
  if (query.includes('?')) return { lookup: (key) => firstColumn(statement.all(key)) };
  statement.setAllowUnknownNamedParameters(true);
  return { lookup: (key) => firstColumn(statement.all({ $1: key, key })) };
}

function firstColumn(rows: readonly Record<string, unknown>[]): readonly string[] {
  return rows.flatMap((row) => {
    const [value] = Object.values(row);
    return value === null || value === undefined ? [] : [String(value)];
  });
}
