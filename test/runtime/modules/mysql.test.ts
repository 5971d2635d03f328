import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { sqlQuery, sqlTable } from '../../../runtime/modules/table/sql.ts';
import { createSelfSigned } from '../../../runtime/tls/self-signed.ts';
import { moduleContext } from '../../kit/modules.ts';
import { describeWithServices, type Service, startService } from '../../kit/services.ts';
import { expectWrittenTable } from '../../kit/table-contract.ts';

function openTable(dsn: string, table: string, columns: { key?: string; value?: string } = {}) {
  const config = {
    driver: 'mysql',
    dsn: [dsn],
    table_name: table,
    key_column: columns.key ?? 'key',
    value_column: columns.value ?? 'value',
  };
  const { context, lines } = moduleContext();
  return { ...sqlTable.create(config, context), lines };
}

function openQuery(dsn: string, statements: { lookup: string; [name: string]: string | readonly string[] }) {
  const { context, lines } = moduleContext();
  return { ...sqlQuery.create({ driver: 'mysql', dsn: [dsn], named_args: false, ...statements }, context), lines };
}

test('a database that is not there is a failure of the look-up, told in the log, and not of the start', async () => {
  const { table, start, stop, lines } = openTable('u:s3cret@tcp(localhost:1)/mail', 't');
  await start?.();
  await expect(table?.lookup('a')).rejects.toThrow('ECONNREFUSED');
  await stop?.(0);
  expect(lines.join('\n')).toMatch(/the database is not reachable yet.*ECONNREFUSED/);
  expect(lines.join('\n')).not.toContain('s3cret');
});

test('a server that says nothing is given up, also when everybody asks it', async () => {
  const accepted = new Set<Socket>();
  const silent = createServer((socket) => accepted.add(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const { table, stop } = openTable(`u:s3cret@tcp(127.0.0.1:${port})/mail?timeout=100ms`, 't');
  const answers = await Promise.allSettled(Array.from({ length: 10 }, () => table?.lookup('a')));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 'rejected'));
  await expect(table?.lookup('a')).rejects.toThrow('ETIMEDOUT');
  await stop?.(0);
  for (const socket of accepted) socket.destroy();
  silent.close();
});

test('a statement that wants more than there is stops the start', () => {
  expect(() => openQuery('/m', { lookup: 'SELECT v FROM t WHERE k = ? AND u = ?' })).toThrow('gets the key only');
});

describeWithServices('tables in MariaDB', ['mariadb'], () => {
  let service: Service;
  let directory: string;
  let login: string;
  let server: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mc-mariadb-'));
    await chmod(directory, 0o755);
    await writeCertificate(['localhost']);
    service = await startService('mariadb', { MARIADB_SSL: `${directory}/cert.pem:${directory}/key.pem` });
    const { MARIADB_USER: user, MARIADB_PASSWORD: password, MARIADB_PORT: port } = service.env;
    login = `${user}:${password}`;
    server = `${login}@tcp(127.0.0.1:${port})`;
  });
  afterAll(async () => {
    await service?.dispose();
    await rm(directory, { recursive: true, force: true });
  });

  async function writeCertificate(names: readonly string[]): Promise<string> {
    const { cert, key } = createSelfSigned(names);
    await writeFile(join(directory, 'cert.pem'), cert);
    await writeFile(join(directory, 'key.pem'), key, { mode: 0o644 });
    return cert;
  }

  async function restart(env: Record<string, string> = {}): Promise<void> {
    const { MARIADB_PORT = '' } = service.env;
    await service.stop();
    await service.start({ MARIADB_PORT, ...env });
  }

  it('sql_table makes its table, reads and writes it', async () => {
    const opened = openTable(`${server}/test`, 'test.passwords');
    await expectWrittenTable(opened);
    await opened.stop?.(0);
  });

  it('keys are literal, also in a table that was made without us', async () => {
    const made = openQuery(`${server}/test`, {
      init: ['CREATE TABLE ours (addr VARCHAR(100) PRIMARY KEY, dest TEXT) COLLATE utf8mb4_general_ci'],
      lookup: 'SELECT 1',
    });
    await made.table?.lookup('');
    await made.stop?.(0);
    const { table, stop } = openTable(`${server}/test`, 'ours', { key: 'addr', value: 'dest' });
    await table?.manage?.put('jörg@x.test', 'ü 🙂');
    expect(await table?.lookup('jörg@x.test')).toEqual(['ü 🙂']);
    for (const other of ['Jörg@x.test', 'jorg@x.test', 'jörg@x.test ', 'jörg@x.test\0']) {
      expect(await table?.lookup(other)).toEqual([]);
      await table?.manage?.remove(other);
    }
    expect(await table?.manage?.keys()).toEqual(['jörg@x.test']);
    await stop?.(0);
  });

  it('sql_query gives the first column of all rows, as text, and no NULL', async () => {
    const { table, stop } = openQuery(`${server}/test?multiStatements=true`, {
      init: [
        'CREATE TABLE q (k TEXT, i BIGINT UNSIGNED, d DATETIME, n DECIMAL(6,2), b VARBINARY(9), j JSON); DELETE FROM q',
        `INSERT INTO q VALUES ('a', 18446744073709551615, '2026-01-02 03:04:05', 1.50, 'bytes', '{"a": 1}'), ('a', NULL, NULL, NULL, NULL, NULL)`,
      ],
      lookup: `SELECT i, k FROM q WHERE k = ? UNION ALL SELECT d, k FROM q UNION ALL SELECT n, k FROM q UNION ALL SELECT b, k FROM q`,
    });
    expect(await table?.lookup('a')).toEqual(['18446744073709551615', '2026-01-02 03:04:05', '1.50', 'bytes']);
    for (const [column, text] of Object.entries({
      i: '18446744073709551615',
      d: '2026-01-02 03:04:05',
      n: '1.50',
      b: 'bytes',
      j: '{"a": 1}',
    })) {
      const one = openQuery(`${server}/test`, { lookup: `SELECT ${column} FROM q WHERE k = $1` });
      expect(await one.table?.lookup('a')).toEqual([text]);
      await one.stop?.(0);
    }
    expect(await table?.lookup('a')).toHaveLength(4);
    await stop?.(0);
  });

  it('sql_query is written by statements of its own, whatever they call key and value', async () => {
    const { table, stop } = openQuery(`${server}/test`, {
      init: ['CREATE TABLE IF NOT EXISTS u (name VARCHAR(64), hash TEXT)'],
      lookup: 'SELECT hash FROM u WHERE name = :key',
      list: 'SELECT name FROM u',
      add: 'INSERT INTO u VALUES (?, ?)',
      set: 'UPDATE u SET hash = $2 WHERE name = $1',
      del: 'DELETE FROM u WHERE name = $1',
    });
    await table?.manage?.put('a', '1');
    await table?.manage?.put('a', '2');
    expect(await table?.lookup('a')).toEqual(['2']);
    await table?.manage?.remove('a');
    expect(await table?.manage?.keys()).toEqual([]);
    await stop?.(0);
  });

  it('is reached by its socket', async () => {
    const { table, stop } = openTable(`${login}@unix(${service.env.MARIADB_SOCKET})/test`, 'by_socket');
    await table?.manage?.put('a', '1');
    expect(await table?.lookup('a')).toEqual(['1']);
    await stop?.(0);
  });

  const tlsVersion = `SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_version'`;

  async function versionOfTls(dsn: string): Promise<readonly string[] | undefined> {
    const { table, stop } = openQuery(dsn, { lookup: tlsVersion });
    try {
      return await table?.lookup('');
    } finally {
      await stop?.(0);
    }
  }

  it('speaks TLS as the dsn says', async () => {
    expect(await versionOfTls(`${server}/test`)).toEqual(['']);
    expect(await versionOfTls(`${server}/test?tls=skip-verify`)).toEqual(['TLSv1.3']);
    expect(await versionOfTls(`${server}/test?tls=preferred`)).toEqual(['TLSv1.3']);
    await expect(versionOfTls(`${server}/test?tls=true`)).rejects.toThrow('self-signed certificate');
  });

  it('tls=true proves who the server is, by name and by address', async () => {
    const usual = getCACertificates('default');
    const named = server.replace('127.0.0.1', 'localhost');
    for (const [names, nameIsRight, addressIsRight] of [
      [['localhost'], true, false],
      [['127.0.0.1'], false, true],
      [['other.test', '127.0.0.9'], false, false],
    ] as const) {
      const certificate = await writeCertificate(names);
      await restart();
      setDefaultCACertificates([certificate]);
      try {
        for (const [dsn, isRight] of [
          [named, nameIsRight],
          [server, addressIsRight],
        ] as const) {
          const version = versionOfTls(`${dsn}/test?tls=true`);
          if (isRight) expect(await version).toEqual(['TLSv1.3']);
          else await expect(version).rejects.toThrow("does not match certificate's altnames");
        }
      } finally {
        setDefaultCACertificates(usual);
      }
    }
  });

  it('sets variables of its sessions, or says why it cannot', async () => {
    const lookup = 'SELECT CONCAT(@@autocommit, @@collation_connection)';
    const right = openQuery(`${server}/test?autocommit=0&collation=utf8mb4_bin`, { lookup });
    expect(await right.table?.lookup('')).toEqual(['OFFutf8mb4_bin']);
    await right.stop?.(0);
    const wrong = openQuery(`${server}/test?nonsense=1`, { lookup });
    await expect(wrong.table?.lookup('')).rejects.toThrow("Unknown system variable 'nonsense'");
    await wrong.stop?.(0);
  });

  it('tells why nobody may log in, and nothing of the password', async () => {
    const { table, start, stop, lines } = openTable(server.replace(':p@', ':s3cret').concat('/test'), 't');
    await start?.();
    await expect(table?.lookup('a')).rejects.toThrow(
      /^Access denied for user 'maddy'@'127.0.0.1' \(using password: YES\)$/,
    );
    await stop?.(0);
    expect(lines.join('\n')).toContain('Access denied');
    expect(lines.join('\n')).not.toContain('s3cret');
  });

  it('waits for no answer longer than the dsn allows, and goes on with the next', async () => {
    const { table, stop } = openQuery(`${server}/test?readTimeout=300ms`, { lookup: 'SELECT SLEEP(?)' });
    const began = await Promise.allSettled([table?.lookup('30'), table?.lookup('0')]);
    expect(began).toMatchObject([
      { status: 'rejected', reason: { message: 'the database gave no answer in 0.3 s' } },
      { status: 'fulfilled', value: ['0'] },
    ]);
    expect(await table?.lookup('0')).toEqual(['0']);
    await stop?.(0);
  });

  it('has four connections, whoever asks', async () => {
    const { table, stop } = openQuery(`${server}/test`, {
      lookup: 'SELECT CONCAT(CONNECTION_ID(), SUBSTRING(SLEEP(0.02) + $1, 1, 0))',
    });
    const answers = await Promise.all(Array.from({ length: 40 }, () => table?.lookup('1')));
    expect(new Set(answers.flat()).size).toBe(4);
    await stop?.(0);
    const others = openQuery(`${server}/test`, {
      lookup: "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'maddy' AND COMMAND = 'Sleep'",
    });
    await expect.poll(() => others.table?.lookup('')).toEqual(['0']);
    await others.stop?.(0);
  });

  it('is found again after the database was restarted, with TLS and without', async () => {
    const tables = ['', '?tls=skip-verify'].map((query) => openTable(`${server}/test${query}`, 'again'));
    const lookUp = () => Promise.allSettled(tables.map(async ({ table }) => table?.lookup('a')));
    await tables[0]?.table?.manage?.put('a', '1');
    expect(await lookUp()).toMatchObject([{ value: ['1'] }, { value: ['1'] }]);
    const { MARIADB_PORT: port = '' } = service.env;
    await service.stop();
    expect(await lookUp()).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    await service.start({ MARIADB_PORT: port });
    expect(await lookUp()).toMatchObject([{ value: ['1'] }, { value: ['1'] }]);
    for (const { stop } of tables) await stop?.(0);
  });

  it('tls=preferred goes without where the server has none, others do not', async () => {
    await restart({ MARIADB_SSL: '' });
    expect(await versionOfTls(`${server}/test?tls=preferred`)).toEqual(['']);
    await expect(versionOfTls(`${server}/test?tls=skip-verify`)).rejects.toThrow('does not support secure connection');
  });
});
