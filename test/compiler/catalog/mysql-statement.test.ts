import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mysqlStatement } from '../../../compiler/catalog/values/mysql-statement.ts';

describe('parameters of a statement for MySQL', () => {
  test.each([
    ['SELECT v FROM t WHERE k = ?', 1, 'SELECT v FROM t WHERE k = ?', [0]],
    ['SELECT v FROM t WHERE k = $1', 1, 'SELECT v FROM t WHERE k = ?', [0]],
    ['SELECT v FROM t WHERE k=:key OR :key IS NULL', 1, 'SELECT v FROM t WHERE k=? OR ? IS NULL', [0, 0]],
    ['UPDATE t SET v = $2 WHERE k = $1', 2, 'UPDATE t SET v = ? WHERE k = ?', [1, 0]],
    ['UPDATE t SET v = :value WHERE k = :key', 2, 'UPDATE t SET v = ? WHERE k = ?', [1, 0]],
    ['INSERT INTO t VALUES (?, ?)', 2, 'INSERT INTO t VALUES (?, ?)', [0, 1]],
    ['SELECT k FROM t', 0, 'SELECT k FROM t', []],
    // What only looks like one.
    [
      `SELECT '?', "$1", \`:key\`, a$1, $1b, $x, @key FROM t`,
      0,
      `SELECT '?', "$1", \`:key\`, a$1, $1b, $x, @key FROM t`,
      [],
    ],
    [String.raw`SELECT 'it''s \'?' FROM t WHERE k = ?`, 1, String.raw`SELECT 'it''s \'?' FROM t WHERE k = ?`, [0]],
    [
      'SELECT v -- why?\nFROM t # $1\nWHERE /* :key\n? */ k = $1',
      1,
      'SELECT v -- why?\nFROM t # $1\nWHERE /* :key\n? */ k = ?',
      [0],
    ],
    ['SELECT 1--$1, @a:=:key', 1, 'SELECT 1--?, @a:=?', [0, 0]],
    ['SELECT :keys', 0, 'SELECT :keys', []],
  ])('%s', (statement, given, text, positions) => {
    expect(mysqlStatement(statement, given)).toEqual({ text, positions });
  });

  test.each([
    ['SELECT v FROM t WHERE k = ? AND u = ?', 1, 'parameter 2: this statement gets the key only'],
    ['SELECT v FROM t WHERE k = $2', 1, 'parameter 2'],
    ['SELECT v FROM t WHERE k = $0', 1, 'parameter 0'],
    ['SELECT k FROM t WHERE k = :key', 0, 'this statement gets none'],
    ['SELECT :keys, $10', 1, 'parameter 10'],
    ['UPDATE t SET v = $3', 2, 'this statement gets the key and the value'],
  ])('%s has nothing to stand for', (statement, given, reason) => {
    expect(mysqlStatement(statement, given)).toEqual({ error: expect.stringContaining(reason) });
  });

  test('whatever is written: only parameters are replaced, and a long text is read once', () => {
    const pieces = fc.constantFrom(
      "'",
      '"',
      '`',
      '/*',
      '*/',
      '#',
      '-- ',
      '\n',
      '\\',
      '?',
      '$1',
      '$2',
      ':key',
      ':value',
      'a',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces), (chosen) => {
        const statement = chosen.join('');
        const read = mysqlStatement(statement, 2);
        if ('error' in read) expect(read.error).toContain('parameter');
        // What comes out is a statement for MySQL: it stays as it is.
        else expect(mysqlStatement(read.text, 9)).toMatchObject({ text: read.text });
      }),
    );
    for (const piece of ['/*', "'\\", "''", '$1a', '"\\"', '--', '`']) {
      expect(mysqlStatement(piece.repeat(500_000), 1)).toHaveProperty('text');
    }
  });
});
