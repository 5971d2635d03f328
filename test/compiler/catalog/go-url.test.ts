import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseGoUrl } from '../../../compiler/catalog/values/go-url.ts';

const piece = fc.constantFrom(
  'mx',
  '.',
  '-',
  '_',
  '~',
  ':',
  '25',
  '/',
  '//',
  '[::1]',
  '@',
  '%41',
  '?',
  '#',
  ' ',
  'é',
  '*',
  '+',
);
const rest = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(''));

test('a simple URL is taken apart as any other', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('tcp', 'unix', 'a+b'),
      fc.constantFrom('://', ':', ':///'),
      rest,
      (scheme, colon, text) => {
        // With a capital it is none of the simple ones; the scheme is the same.
        const general = parseGoUrl(`${scheme.toUpperCase()}${colon}${text}`);
        const found = parseGoUrl(`${scheme}${colon}${text}`);
        if ('fault' in general || 'fault' in found) expect('fault' in found).toBe('fault' in general);
        else expect(found).toEqual(general);
      },
    ),
    { numRuns: 3000 },
  );
});
