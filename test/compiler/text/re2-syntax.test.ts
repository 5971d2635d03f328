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
])('%s', (expression, expected) => {
  expect(told(expression)).toBe(expected);
});

test('anchors are put where they are missing, and not twice', () => {
  const table = { full_match: true, case_insensitive: true };
  expect(anchored({ ...table, regexp: 'a' })).toBe('(?i)^a$');
  expect(anchored({ ...table, regexp: '^a$' })).toBe('(?i)^a$');
  expect(anchored({ ...table, regexp: '^a', full_match: false, case_insensitive: false })).toBe('^a');
});
