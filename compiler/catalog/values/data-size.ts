import { parseInt64, wrapInt64 } from './numbers.ts';
import { misread, type Reading, read, type Words } from './reading.ts';

const units: ReadonlyMap<string, bigint> = new Map([
  ['G', 1024n ** 3n],
  ['M', 1024n ** 2n],
  ['K', 1024n],
  ['B', 1n],
  ['b', 1n],
]);

type Failure = { readonly error: string; readonly hint: string | null };

/** Bytes of `32M`, `3M 5K`; a sum beyond 64 bits wraps, as in maddy (language.md section 11). */
export function parseDataSize(text: string): bigint | Failure {
  if (text === '') return { error: 'missing a number', hint: null };
  let total = 0n;
  for (const part of text.split(' ')) {
    const size = parsePart(part);
    if (typeof size !== 'bigint') return size;
    total = wrapInt64(total + size);
  }
  return total;
}

export function readDataSize(words: Words): Reading<bigint> {
  if (words.block === 'filled') return misread('block', "can't declare block here");
  if (words.args.length === 0) return misread('too-few', 'at least one argument is required');
  const value = parseDataSize(words.args.join(' '));
  if (typeof value === 'bigint') return read(value);
  return misread('form', value.error, words.args.length === 1 ? 0 : null, value.hint);
}

function parsePart(part: string): bigint | Failure {
  const [, digits, suffix, more] = /^(\p{Nd}*)(\P{Nd}*)(.*)$/su.exec(part) ?? ['', '', '', ''];
  if (more !== '') {
    return {
      error: 'unexpected digit after a suffix',
      hint: part.includes('.') ? 'fractions are not known: use a smaller unit' : 'put a blank between the parts',
    };
  }
  const number = parseInt64(digits ?? '');
  if ('error' in number) return { error: number.error, hint: digits === '' ? 'the number is missing' : null };
  const unit = units.get(suffix ?? '');
  if (unit !== undefined) return wrapInt64(number.value * unit);
  if (number.value === 0n) return 0n;
  return {
    error: `unknown unit suffix: ${suffix}`,
    hint: unitHint(digits ?? '', suffix ?? ''),
  };
}

function unitHint(digits: string, suffix: string): string {
  if (suffix === '') return 'the unit is missing';
  const unit = /^([gmkb])(i?b)?$/i.exec(suffix)?.[1];
  return unit === undefined ? `there is no unit "${suffix}"` : `write ${digits}${unit.toUpperCase()}`;
}
