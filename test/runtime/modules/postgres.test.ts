import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { postgresConfig } from '../../../runtime/modules/table/sql/postgres-dsn.ts';
import { sqlQuery, sqlTable } from '../../../runtime/modules/table/sql.ts';
import { moduleContext } from '../../kit/modules.ts';
import { describeWithServices, type Service, startService } from '../../kit/services.ts';
import { expectWrittenTable } from '../../kit/table-contract.ts';

describe('a dsn', () => {
  test.each([
    ['host=/run/pg user=mail dbname=m', { host: '/run/pg', port: 5432, user: 'mail', database: 'm', ssl: false }],
    ["host = db.test password='a b\\'c' user=u sslmode=disable", { host: 'db.test', password: "a b'c", ssl: false }],
    ['host=db.test user=u', { host: 'db.test', database: 'u', ssl: { rejectUnauthorized: false } }],
    ['host=db.test user=u sslmode=verify-full', { ssl: { rejectUnauthorized: true } }],
    [
      'postgres://u:p%40w@db.test:5433/m?sslmode=disable&search_path=mail',
      { host: 'db.test', port: 5433, user: 'u', password: 'p@w', database: 'm', options: '-c search_path=mail' },
    ],
    ['', { host: 'h.test', user: 'e', database: 'e' }],
  ])('%s', (dsn, expected) => {
    expect(postgresConfig(dsn, { PGHOST: 'h.test', PGUSER: 'e' })).toMatchObject(expected);
  });

  test.each(['host', 'host=a port=x', 'host=a sslmode=maybe', "host='a"])('%s is refused', (dsn) => {
    expect(() => postgresConfig(dsn, {})).toThrow();
  });
});

test('a database that is not there is a failure of the look-up, told in the log, and not of the start', async () => {
  const { context, lines } = moduleContext();
  const config = {
    driver: 'postgres',
    dsn: ['host=/nonexistent'],
    table_name: 't',
    key_column: 'k',
    value_column: 'v',
  };
  const { table, start, stop } = sqlTable.create(config, context);
  await start?.();
  await expect(table?.lookup('a')).rejects.toThrow('ENOENT');
  await stop?.(0);
  expect(lines.join('\n')).toMatch(/the database is not reachable yet/);
});

describeWithServices('tables in PostgreSQL', ['postgres'], () => {
  let service: Service;
  let dsn: string[];
  beforeAll(async () => {
    service = await startService('postgres');
    dsn = [(service.env.DSN ?? '').replaceAll('"', '')];
  });
  afterAll(() => service?.dispose());

  it('sql_table makes its table, reads and writes it', async () => {
    const config = { driver: 'postgres', dsn, table_name: 'passwords', key_column: 'key', value_column: 'value' };
    const opened = sqlTable.create(config, moduleContext().context);
    await expectWrittenTable(opened);
    await opened.stop?.(0);
  });

  it('sql_query gives the first column of all rows, numbers as text, and no NULL', async () => {
    const config = {
      driver: 'postgres',
      dsn,
      init: ['CREATE TABLE IF NOT EXISTS q (k text, v int)', "INSERT INTO q VALUES ('a', 1), ('a', 2), ('a', NULL)"],
      lookup: 'SELECT v, k FROM q WHERE k = $1 ORDER BY v',
      named_args: false,
    };
    const { table, stop } = sqlQuery.create(config, moduleContext().context);
    expect(await table?.lookup('a')).toEqual(['1', '2']);
    await stop?.(0);
  });

  it('is found again after the database was restarted', async () => {
    const config = { driver: 'postgres', dsn, table_name: 'again', key_column: 'key', value_column: 'value' };
    const { table, stop } = sqlTable.create(config, moduleContext().context);
    await table?.manage?.put('a', '1');
    await service.stop();
    await expect(table?.lookup('a')).rejects.toThrow();
    await service.start();
    expect(await table?.lookup('a')).toEqual(['1']);
    await stop?.(0);
  });
});
