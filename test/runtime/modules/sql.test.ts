import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqlQuery, sqlTable } from '../../../runtime/modules/table/sql.ts';
import { moduleContext } from '../../kit/modules.ts';
import { expectWrittenTable } from '../../kit/table-contract.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-sql-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const aliases = [
  'CREATE TABLE IF NOT EXISTS aliases (src TEXT, dst TEXT)',
  "INSERT INTO aliases VALUES ('a@x.test', 'b@x.test'), ('a@x.test', 'c@x.test'), ('null@x.test', NULL)",
];

function query(lookup: string, init: string[] = aliases) {
  const config = { driver: 'sqlite3', dsn: ['file:t.db?cache=shared'], init, lookup, named_args: false };
  return sqlQuery.create(config, moduleContext({ stateDir: directory }).context);
}

describe('sql_query', () => {
  test.each(['$1', '?', ':key', '@key', '?1'])('the key is %s', async (parameter) => {
    const { table, stop } = query(`SELECT dst FROM aliases WHERE src = ${parameter} ORDER BY dst`);
    expect(await table?.lookup('a@x.test')).toEqual(['b@x.test', 'c@x.test']);
    expect(await table?.lookup("z' OR '1'='1")).toEqual([]);
    expect(await table?.lookup('null@x.test')).toEqual([]);
    await stop?.(0);
  });

  test('a wrong statement is an error at load', () => {
    expect(() => query('SELECT x FROM nowhere')).toThrow('no such table: nowhere');
  });
});

test('sql_table makes its table and reads it', async () => {
  const config = {
    driver: 'sqlite3',
    dsn: ['credentials.db'],
    table_name: 'passwords',
    key_column: 'key',
    value_column: 'value',
  };
  const { table, stop } = sqlTable.create(config, moduleContext({ stateDir: directory }).context);
  const other = new DatabaseSync(join(directory, 'credentials.db'));
  other.exec("INSERT INTO passwords (key, value) VALUES ('ann', 'bcrypt:x')");
  other.close();
  expect(await table?.lookup('ann')).toEqual(['bcrypt:x']);
  await stop?.(0);
});

test('sql_table reads and writes it', async () => {
  const config = { driver: 'sqlite3', dsn: ['t.db'], table_name: 't', key_column: 'k', value_column: 'v' };
  const opened = sqlTable.create(config, moduleContext({ stateDir: directory }).context);
  await expectWrittenTable(opened);
  await opened.stop?.(0);
});

test('sql_query is written by statements of its own, or not at all', async () => {
  expect(query('SELECT dst FROM aliases WHERE src = $1').table?.manage).toBeUndefined();
  const config = {
    driver: 'sqlite3',
    dsn: ['t.db'],
    init: ['CREATE TABLE u (name TEXT, hash TEXT)'],
    lookup: 'SELECT hash FROM u WHERE name = :key',
    list: 'SELECT name FROM u',
    add: 'INSERT INTO u VALUES (:key, :value)',
    set: 'UPDATE u SET hash = :value WHERE name = :key',
    del: 'DELETE FROM u WHERE name = :key',
    named_args: true,
  };
  const { table } = sqlQuery.create(config, moduleContext({ stateDir: directory }).context);
  await table?.manage?.put('a', '1');
  await table?.manage?.put('a', '2');
  expect(await table?.lookup('a')).toEqual(['2']);
  await table?.manage?.remove('a');
  expect(await table?.manage?.keys()).toEqual([]);
});
