import { afterAll, beforeAll, expect, it } from 'vitest';
import { sqlQuery, sqlTable } from '../../../runtime/modules/table/sql.ts';
import { moduleContext } from '../../kit/modules.ts';
import { describeWithServices, type Service, startService } from '../../kit/services.ts';

describeWithServices('tables in MariaDB', ['mariadb'], () => {
  let service: Service;
  let server: string;
  beforeAll(async () => {
    service = await startService('mariadb');
    const { MARIADB_USER: user, MARIADB_PASSWORD: password, MARIADB_PORT: port } = service.env;
    server = `${user}:${password}@tcp(127.0.0.1:${port})`;
  });
  afterAll(() => service?.dispose());

  function openTable(table: string, dsn = `${server}/test`) {
    const config = { driver: 'mysql', dsn: [dsn], table_name: table, key_column: 'key', value_column: 'value' };
    const kit = moduleContext();
    return { ...sqlTable.create(config, kit.context), lines: kit.lines };
  }

  it('sql_table makes its table, reads and writes it', async () => {
    const { table, stop } = openTable('passwords');
    expect(await table?.lookup("x' OR '1'='1")).toEqual([]);
    await table?.manage?.put('b', '1');
    await table?.manage?.put('b', '2');
    await table?.manage?.put('a', '3');
    expect(await table?.lookup('b')).toEqual(['2']);
    expect(await table?.manage?.keys()).toEqual(['a', 'b']);
    await table?.manage?.remove('b');
    expect(await table?.lookup('b')).toEqual([]);
    await stop?.(0);
  });
});
