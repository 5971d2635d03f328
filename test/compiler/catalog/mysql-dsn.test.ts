import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMysqlDsn } from '../../../compiler/catalog/values/mysql-dsn.ts';

const plain = {
  user: '',
  password: '',
  place: { host: '127.0.0.1', port: 3306 },
  database: '',
  tls: 'off',
  connectTimeout: null,
  readTimeout: null,
  clearPassword: false,
  severalStatements: false,
  sessionVariables: [],
};

describe('a dsn of MySQL', () => {
  test.each([
    ['', 'no slash'],
    ['/', {}],
    ['/mail', { database: 'mail' }],
    ['maddy@/mail', { user: 'maddy', database: 'mail' }],
    ['maddy:secret@/mail', { user: 'maddy', password: 'secret', database: 'mail' }],
    ['maddy:p@s:s/w(o)rd@/mail', { user: 'maddy', password: 'p@s:s/w(o)rd', database: 'mail' }],
    ['tcp/mail', { database: 'mail' }],
    ['u:p@tcp(db.test)/mail', { user: 'u', password: 'p', place: { host: 'db.test', port: 3306 }, database: 'mail' }],
    ['u:p@tcp(db.test:3307)/m', { user: 'u', password: 'p', place: { host: 'db.test', port: 3307 }, database: 'm' }],
    ['tcp(:3307)/', { place: { host: '127.0.0.1', port: 3307 } }],
    ['tcp([::1])/', { place: { host: '::1', port: 3306 } }],
    ['tcp6([2001:db8::1]:3307)/', { place: { host: '2001:db8::1', port: 3307 } }],
    [
      'u@unix(/run/mysqld/mysqld.sock)/m',
      { user: 'u', place: { socketPath: '/run/mysqld/mysqld.sock' }, database: 'm' },
    ],
    ['unix/m', { place: { socketPath: '/tmp/mysql.sock' }, database: 'm' }],
    ['/a%2Fb', { database: 'a/b' }],
    ['/m?tls=', { database: 'm' }],
    ['tcp(::1)/', { place: { host: '::1', port: 3306 } }],
    ['tcp(db.test)/m?tls=true', { place: { host: 'db.test', port: 3306 }, database: 'm', tls: 'verified' }],
    ['/m?tls=skip-verify', { database: 'm', tls: 'unverified' }],
    ['/m?tls=preferred', { database: 'm', tls: 'preferred' }],
    ['/m?tls=0', { database: 'm' }],
    ['/m?timeout=2s&readTimeout=1m30s&writeTimeout=1s', { database: 'm', connectTimeout: 2000, readTimeout: 90_000 }],
    ['/m?timeout=0', { database: 'm' }],
    [
      '/m?allowCleartextPasswords=1&multiStatements=true',
      { database: 'm', clearPassword: true, severalStatements: true },
    ],
    ['/m?charset=utf8mb4,utf8&parseTime=true&loc=Europe%2FBerlin&interpolateParams=true', { database: 'm' }],
    [
      '/m?collation=utf8mb4_bin&tx_isolation=%27READ-COMMITTED%27&autocommit=1',
      {
        database: 'm',
        sessionVariables: ['collation_connection=utf8mb4_bin', "tx_isolation='READ-COMMITTED'", 'autocommit=1'],
      },
    ],
    ['mail', 'no slash'],
    ['mysql://u:s3cret@db.test/mail', 'neither tcp nor unix'],
    ['u:s3cret@db.test/mail', 'neither tcp nor unix'],
    ['u:s3cret@db.test:3306/mail', 'neither tcp nor unix'],
    ['tcp(db.test:33060000)/', 'is no HOST:PORT'],
    ['tcp(db.test:x)/', 'is no HOST:PORT'],
    ['u:s3cret@tcp(db.test)/m?loc=Europe/Berlin', '%2F'],
    ['/m?tls=custom', 'tls=custom is none of true'],
    ['/m?timeout=5', 'timeout=5 is no duration'],
    ['/m?multiStatements=yes', 'neither true nor false'],
    ['/m?a;b=1', 'no name of a system variable'],
    ['/m?autocommit=%', 'percent'],
  ])('%s', (dsn, expected) => {
    if (typeof expected === 'string') {
      expect(parseMysqlDsn(dsn)).toMatchObject({ error: expect.stringContaining(expected) });
    } else {
      expect(parseMysqlDsn(dsn)).toEqual({ ...plain, ...expected });
    }
  });

  test('errors quote nothing of the password', () => {
    for (const dsn of [
      'u:s3cret',
      'u:s3cret/m',
      'mysql://u:s3cret@h/m',
      'u:s3cret@h/m',
      'u:s3cret@tcp(h/m',
      'u:s3cret@tcp(h)/m?tls=x',
    ]) {
      const read = parseMysqlDsn(dsn);
      expect(read).toHaveProperty('error');
      expect(JSON.stringify(read)).not.toContain('s3cret');
    }
  });

  test.each([
    ['m', 'invalid DSN: missing the slash separating the database name'],
    ['u:p@h/m', "default addr for network 'h' unknown"],
    ['tcp(h/m', 'invalid DSN: network address not terminated (missing closing brace)'],
    ['tcp(h)/m?loc=a/b', 'invalid DSN: did you forget to escape a param value?'],
    ['/m?tls=x', 'invalid value / unknown config name: x'],
    ['/m?timeout=5', 'time: missing unit in duration "5"'],
    ['/m?multiStatements=yes', 'invalid bool value: yes'],
    ['/m?autocommit=%', 'invalid URL escape "%"'],
    ['/%zz', 'invalid dbname "%zz": invalid URL escape "%zz"'],
    ['tcp(h:x)/m', null],
  ])('%s: in the words of go-sql-driver', (dsn, maddy) => {
    expect(parseMysqlDsn(dsn)).toMatchObject({ maddy });
  });

  test('whatever is written, it is read or refused', () => {
    const pieces = fc.constantFrom(
      ':',
      '@',
      'tcp',
      'unix',
      '(',
      ')',
      '/',
      '?',
      '&',
      '=',
      '%',
      '%2F',
      'tls=',
      'timeout=',
      '5s',
      '[',
      ']',
      'a',
    );
    fc.assert(
      fc.property(fc.array(pieces), (chosen) => {
        const read = parseMysqlDsn(chosen.join(''));
        expect('error' in read ? read.error : read.user).toBeTypeOf('string');
      }),
    );
    for (const piece of [':', '@', '(', '/?', '&=', '%', ')/']) parseMysqlDsn(`u:p@tcp(h)/m?${piece.repeat(500_000)}`);
  });
});
