import { expect, test } from 'vitest';
import { anchored } from '../../../compiler/text/re2-anchors.ts';
import { expressionFault } from '../../../compiler/text/re2-syntax.ts';

const told = (expression: string): string | null => {
  const fault = expressionFault(expression);
  return fault === null ? null : `${fault.reason}: ${fault.part}`;
};

// As Go 1.26's regexp package says it.
test.each([
  ['a(?U)*', null],
  ['(?U)*', 'missing argument to repetition operator: *'],
  ['a*(?i)*', null],
  ['a**', 'invalid nested repetition operator: **'],
  ['\\Q\\E*', 'missing argument to repetition operator: *'],
  ['[a-\\d]', 'invalid escape sequence: \\d'],
  ['[\\d-z]', null],
  ['[\\b]', 'invalid escape sequence: \\b'],
  ['\\xg', 'invalid escape sequence: \\xg'],
  ['\\xg)', 'invalid escape sequence: \\xg)'],
  ['\\x{110000}', 'invalid escape sequence: \\x{110000'],
  ['\\x{}', 'invalid escape sequence: \\x{}'],
  ['\\x{12g}', 'invalid escape sequence: \\x{12g'],
  ['\\x{10FFFF}', null],
  ['(?P<n>a)(?P<n>b)', null],
  ['(?P<é>b)', 'invalid named capture: (?P<é>'],
  ['(a{100}){100}', 'invalid repeat count: {100}'],
  ['((a{500})b){2}', null],
  ['((a{500})b){2,3}', 'invalid repeat count: {2,3}'],
  ['((a{500}|b)*){3,}', 'invalid repeat count: {3,}'],
  ['((a{500}){0}b){3}', null],
  ['(x{1000}y{1000})', null],
  ['[z-\\x{41}]', 'invalid character class range: z-\\x{41}'],
  ['[\\t-\\a]', 'invalid character class range: \\t-\\a'],
  ['[\\102-A]', 'invalid character class range: \\102-A'],
  ['[\\101-A]', null],
])('%s', (expression, expected) => {
  expect(told(expression)).toBe(expected);
});

test('anchors are put where they are missing, and not twice', () => {
  const table = { full_match: true, case_insensitive: true };
  expect(anchored({ ...table, regexp: 'a' })).toBe('(?i)^a$');
  expect(anchored({ ...table, regexp: '^a$' })).toBe('(?i)^a$');
  expect(anchored({ ...table, regexp: '^a', full_match: false, case_insensitive: false })).toBe('^a');
});
