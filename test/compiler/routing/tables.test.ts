import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drive, driveNow } from '../../../compiler/routing/drive.ts';
import { chainLookup } from '../../../compiler/routing/tables/chain.ts';
import { parseFileTable } from '../../../compiler/routing/tables/file.ts';
import { regexpLookup } from '../../../compiler/routing/tables/regexp.ts';
import { parseTemplate } from '../../../compiler/routing/tables/template.ts';

function regexp(
  expression: string,
  replacements: readonly string[],
  options: { readonly [flag: string]: boolean } = {},
) {
  const lookup = regexpLookup({
    regexp: expression,
    replacements: [...replacements],
    full_match: true,
    case_insensitive: true,
    expand_replaceholders: true,
    ...options,
  });
  if (lookup === null) throw new Error(`${expression} does not compile`);
  return lookup;
}

describe('regexp', () => {
  test.each<[string, string[], string, string[]]>([
    ['(.+)\\+(.+)@(.+)', ['$1@$3'], 'ann+x@example.org', ['ann@example.org']],
    ['(.+)\\+(.+)@(.+)', ['$1@$3'], 'ann@example.org', []],
    ['^bot@', ['never'], 'bot@example.org', []],
    ['^$', ['null'], '', ['null']],
    ['ab', ['hit'], 'AB', ['hit']],
    ['.*', [], 'anything', []],
    ['(a)(b)?', ['$1$2$3', 'two'], 'a', ['a', 'two']],
    ['(?:(?P<n>a)|(?P<n>b)(?P<n>c)?)(d)', ['<$n.$2.$4>'], 'ad', ['<a..d>']],
    ['(?:(?P<n>a)|(?P<n>b)(?P<n>c)?)(d)', ['<$n.$2.$4>'], 'bcd', ['<b.b.d>']],
    ['(?P<user>.+)@.*', ['$\u{7b}user}x', '$user', '$userx'], 'u@d', ['ux', 'u', '']],
  ])('%s gives %j for %s', (expression, replacements, key, values) => {
    expect(regexp(expression, replacements)(key)).toEqual(values);
  });

  test('the flags of the table', () => {
    expect(regexp('b', ['$0'], { full_match: false })('abc')).toEqual(['b']);
    expect(regexp('b', ['x'], { case_insensitive: false })('B')).toEqual([]);
    expect(regexp('(b)', ['$1'], { expand_replaceholders: false })('b')).toEqual(['$1']);
  });

  test('what RE2 does not know is no expression', () => {
    const config = { full_match: true, case_insensitive: true, expand_replaceholders: true, replacements: [] };
    for (const bad of ['(', '(?=a)', '\\1', 'a**']) expect(regexpLookup({ ...config, regexp: bad })).toBeNull();
  });
});

test.each([
  ['$1x', ''],
  ['$\u{7b}1}x', 'onex'],
  ['$9', ''],
  ['$$1', '$1'],
  ['a$', 'a$'],
  ['${1', '${1'],
  ['$-$1', '$-one'],
  ['$01', ''],
  ['$0', 'whole'],
])('the template %s gives %s', (template, expected) => {
  const groups = ['whole', 'one', 'two'];
  const expand = parseTemplate(template);
  expect(expand({ count: 2, group: (at) => (typeof at === 'number' ? (groups[at] ?? null) : null) })).toBe(expected);
});

describe('file', () => {
  test('lines as recorded', () => {
    const { entries, faultyLine } = parseFileTable(
      '# comment\n\none@x.test: 1@x.test\r\n  list@x.test :  a@x.test ,b@x.test\none@x.test: 2@x.test\nbare\nempty:\n #not a comment: x\n',
    );
    expect(faultyLine).toBeNull();
    expect([...entries]).toEqual([
      ['one@x.test', ['1@x.test', '2@x.test']],
      ['list@x.test', ['a@x.test', 'b@x.test']],
      ['bare', ['']],
      ['empty', ['']],
      ['#not a comment', ['x']],
    ]);
  });

  test('an entry without a key is a fault with its line', () => {
    expect(parseFileTable('a: b\n: c\n')).toEqual({ entries: new Map(), faultyLine: 2 });
  });
});

describe('chain', () => {
  const tables = { double: { a: ['b', 'c'] }, onlyB: { b: ['x'] }, both: { b: ['x'], c: ['y'] }, self: { a: ['a'] } };
  type Name = keyof typeof tables;
  const look = (table: Name, key: string): readonly string[] =>
    new Map(Object.entries<string[]>(tables[table])).get(key) ?? [];

  test.each<[string, readonly (readonly [Name, boolean])[], string[]]>([
    ['no steps: the key', [], ['a']],
    [
      'values feed the next step',
      [
        ['double', false],
        ['both', false],
      ],
      ['x', 'y'],
    ],
    [
      'a key that a step lacks: nothing',
      [
        ['double', false],
        ['onlyB', false],
      ],
      [],
    ],
    [
      'a key that an optional step lacks: the step is skipped',
      [
        ['double', false],
        ['onlyB', true],
      ],
      ['b', 'c'],
    ],
  ])('%s', (_, steps, values) => {
    const chain = chainLookup(
      steps.map(([table, optional]) => ({ table, optional })),
      'a',
    );
    expect(driveNow(chain, ({ table, key }) => look(table, key))).toEqual(values);
  });

  test('steps that multiply without end are cut off', () => {
    const steps = Array.from({ length: 30 }, () => ({ table: 'grow', optional: false }));
    expect(() => driveNow(chainLookup(steps, 'a'), () => ['a', 'a'])).toThrow('too many values');
  });
});

describe('drive', () => {
  function* sum(count: number): Generator<number, number, number> {
    let total = 0;
    for (let at = 0; at < count; at++) {
      try {
        total += yield at;
      } catch {
        total += 1000;
      }
    }
    return total;
  }

  test('answers at hand give a result at hand', () => {
    expect(drive(sum(4), (at) => at)).toBe(6);
  });

  test('answers that come later, or fail, give the same result later', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('now', 'later', 'throws', 'rejects'), { maxLength: 12 }),
        async (ways) => {
          const result = await drive(sum(ways.length), (at) => {
            switch (ways[at]) {
              case 'later':
                return Promise.resolve(at);
              case 'throws':
                throw new Error('no answer');
              case 'rejects':
                return Promise.reject(new Error('no answer'));
              default:
                return at;
            }
          });
          const expected = ways.reduce((total, way, at) => total + (way === 'now' || way === 'later' ? at : 1000), 0);
          expect(result).toBe(expected);
        },
      ),
    );
  });
});
