import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  asciiAddress,
  cleanAddress,
  isValidAddress,
  lookupAddress,
  quoteLocalPart,
  splitAddress,
} from '../../../compiler/text/address.ts';
import { utf8Length } from '../../../compiler/text/ascii.ts';
import { asciiDomain, cleanDomain, lookupDomain } from '../../../compiler/text/domain.ts';
import { usernameNormalizers } from '../../../compiler/text/username.ts';

const anyText = fc.string({ unit: 'binary' });
const mailish = fc.oneof(
  anyText,
  fc.tuple(anyText, anyText).map(([localPart, domain]) => `${localPart}@${domain}`),
  fc.tuple(anyText, anyText).map(([localPart, label]) => `${localPart}@xn--${label}.test`),
);
const label = fc.string({ unit: fc.constantFrom(...'abz0-éßжюλ例𝄞'), minLength: 1, maxLength: 20 });
const cleanName = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.').normalize('NFC'));

test('no text makes normalisation throw', () => {
  fc.assert(
    fc.property(mailish, (text) => {
      for (const form of [lookupAddress, cleanAddress, asciiAddress, lookupDomain, cleanDomain, asciiDomain]) {
        const result = form(text);
        expect(result === null || typeof result === 'string').toBe(true);
      }
      isValidAddress(text);
      for (const normalize of Object.values(usernameNormalizers)) normalize(text);
    }),
  );
});

test('A-labels and U-labels of a clean name are each other’s inverse', () => {
  fc.assert(
    fc.property(cleanName, (name) => {
      const ascii = asciiDomain(name);
      expect(ascii).toMatch(/^[\0-\x7f]*$/);
      expect(cleanDomain(ascii ?? '')).toBe(name);
    }),
  );
});

test('the spelling of case, composition and a final dot does not change the lookup form', () => {
  fc.assert(
    fc.property(cleanName, fc.string({ unit: fc.constantFrom(...'abcé.+'), minLength: 1 }), (domain, localPart) => {
      const expected = lookupAddress(`${localPart}@${domain}`);
      const upper = (text: string) => [...text].map((c) => (c === 'ß' ? c : c.toUpperCase())).join('');
      expect(lookupAddress(`${upper(localPart).normalize('NFD')}@${upper(domain).normalize('NFD')}.`)).toBe(expected);
    }),
  );
});

test('the clean form keeps the local part and is looked up alike', () => {
  fc.assert(
    fc.property(cleanName, fc.string({ minLength: 1 }), (domain, localPart) => {
      const address = `${localPart}@${domain.toUpperCase()}`;
      const clean = cleanAddress(address);
      const parts = splitAddress(clean ?? '');
      expect(typeof parts === 'string' ? parts : parts.localPart).toBe(localPart);
      expect(lookupAddress(clean ?? '')).toBe(lookupAddress(address));
    }),
  );
});

test('a quoted local part makes a valid address of any printable text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab"\\@ ,;.()<>'), minLength: 1, maxLength: 60 }), (localPart) => {
      expect(isValidAddress(`${quoteLocalPart(localPart)}@example.org`)).toBe(true);
    }),
  );
});

test('the length in UTF-8 is what an encoder writes', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
    }),
  );
});
