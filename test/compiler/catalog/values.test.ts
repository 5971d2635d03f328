import { expect, test } from 'vitest';
import { parseEndpoint } from '../../../compiler/catalog/values/endpoint.ts';
import { readFloat } from '../../../compiler/catalog/values/numbers.ts';

// As Go 1.26 reads them.
test.each([
  ['1_000.5', true],
  ['0x_1p-2', true],
  ['1_e3', false],
  ['1e3_0', true],
  ['1__0', false],
])('the float %s', (text, isNumber) => {
  expect(readFloat({ args: [text], block: 'none' }).ok).toBe(isNumber);
});

test.each(['tcp:[::]:25:26', 'tcp:[::1]:2[5', 'tcp:host:2]5'])('%s has two ports or brackets in one', (text) => {
  expect(parseEndpoint(text)).toMatchObject({ error: 'port is required' });
});
