import { RE2JS } from 're2js';
import { expect, test } from 'vitest';
import { examplesOf } from '../../../compiler/text/re2-examples.ts';

const matches = (expression: string, text: string): boolean => RE2JS.compile(expression).matcher(text).matches();

test.each([
  ['(.*)@partner\\.test', ['x@partner.test']],
  ['.+@(a|b)\\.test', ['x@a.test', 'x@b.test']],
  ['(?P<user>[^@]+)\\+[a-z]*@example\\.(org|net)', ['x+@example.org', 'x+@example.net', 'x+a@example.org']],
  ['^(?:info|sales)\\d{2}@example[.]org$', ['info00@example.org', 'sales00@example.org']],
  ['\\Qa.b\\E@[[:alpha:]]+\\.test', ['a.b@x.test']],
])('%s is shown by texts that it matches', (expression, expected) => {
  const examples = examplesOf(expression);
  expect(examples).toEqual(expect.arrayContaining(expected));
  for (const example of examples) expect([example, matches(expression, example)]).toEqual([example, true]);
});

test('what is no expression, or a very large one, gives few texts and no failure', () => {
  for (const text of ['', '(', ')', '[', '[^', '\\', '(?', 'a{', '|', '(((', '[a', 'x{9999999}', '(?<', '[[:']) {
    expect(examplesOf(text).length).toBeLessThanOrEqual(16);
  }
  expect(examplesOf('('.repeat(100_000)).length).toBeLessThanOrEqual(16);
  expect(examplesOf('(a|b)'.repeat(5000)).length).toBeLessThanOrEqual(16);
  expect(examplesOf('(a{300}){300}')).toEqual([]);
});
