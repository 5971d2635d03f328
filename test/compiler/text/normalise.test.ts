import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  asciiAddress,
  cleanAddress,
  isValidAddress,
  lookupAddress,
  quoteLocalPart,
  splitAddress,
} from '../../../compiler/text/address.ts';
import { isValidDomain, lookupDomain } from '../../../compiler/text/domain.ts';
import { type UsernameNormalization, usernameNormalizers } from '../../../compiler/text/username.ts';

type Normalized = Record<UsernameNormalization, string | null>;

interface Units {
  readonly address: readonly {
    readonly input: string;
    readonly lookup: string | null;
    readonly clean: string | null;
    readonly ascii: string | null;
    readonly valid: boolean;
    readonly split: readonly [string, string] | null;
    readonly normalize: Normalized;
  }[];
  readonly username: readonly { readonly input: string; readonly normalize: Normalized }[];
  readonly domain: readonly { readonly input: string; readonly lookup: string | null; readonly valid: boolean }[];
  readonly quote_mbox: readonly { readonly input: string; readonly quoted: string }[];
}

const units: Units = JSON.parse(readFileSync(new URL('../../vectors/units.json', import.meta.url), 'utf8'));

function normalizeAll(name: string): Normalized {
  return {
    auto: usernameNormalizers.auto(name),
    casefold: usernameNormalizers.casefold(name),
    noop: usernameNormalizers.noop(name),
    precis: usernameNormalizers.precis(name),
    precis_casefold: usernameNormalizers.precis_casefold(name),
    precis_casefold_email: usernameNormalizers.precis_casefold_email(name),
    precis_email: usernameNormalizers.precis_email(name),
  };
}

describe('addresses as recorded', () => {
  test.each(units.address)('$input', (row) => {
    const parts = splitAddress(row.input);
    expect({
      lookup: lookupAddress(row.input),
      clean: cleanAddress(row.input),
      ascii: asciiAddress(row.input),
      valid: isValidAddress(row.input),
      split: typeof parts === 'string' ? null : [parts.localPart, parts.domain],
      normalize: normalizeAll(row.input),
    }).toEqual({
      lookup: row.lookup,
      clean: row.clean,
      ascii: row.ascii,
      valid: row.valid,
      split: row.split,
      normalize: row.normalize,
    });
  });
});

describe('user names as recorded', () => {
  test.each(units.username)('$input', (row) => {
    expect(normalizeAll(row.input)).toEqual(row.normalize);
  });
});

describe('domains as recorded', () => {
  test.each(units.domain)('$input', (row) => {
    expect({ lookup: lookupDomain(row.input), valid: isValidDomain(row.input) }).toEqual({
      lookup: row.lookup,
      valid: row.valid,
    });
  });
});

test.each(units.quote_mbox)('the local part $input is quoted as recorded', (row) => {
  expect(quoteLocalPart(row.input)).toBe(row.quoted);
});
