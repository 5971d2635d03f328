import { quoteAsGo } from './go-quote.ts';
import { misread, type Reading, read, type Words } from './reading.ts';

const largestInt64 = 2n ** 63n - 1n;

/** Of the largest number of 64 bits. */
const MOST_DIGITS = 20;

export type IntegerSpec = { readonly bits: 32 | 64; readonly signed: boolean };

/** A number of so few digits is in any range. */
const fewDigits = /^\d{1,9}$/;

/** A decimal integer as maddy reads it, or the reason in the words of its number parser. */
export function parseInteger(text: string, spec: IntegerSpec): bigint | 'invalid syntax' | 'value out of range' {
  if (fewDigits.test(text)) return BigInt(text);
  if (!(spec.signed ? /^[+-]?\d+$/ : /^\d+$/).test(text)) return 'invalid syntax';
  const digits = text.replace(/^[+-]?0*/, '');
  if (digits.length > MOST_DIGITS) return 'value out of range';
  const value = BigInt(text.startsWith('-') ? `-${digits || 0}` : digits || 0);
  const bits = BigInt(spec.bits);
  const [least, most] = spec.signed ? [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n] : [0n, 2n ** bits - 1n];
  return value < least || value > most ? 'value out of range' : value;
}

const int: IntegerSpec = { bits: 64, signed: true };

/** An `int`, with the error text that several directives pass on as it is. */
export function parseInt64(text: string): { readonly value: bigint } | { readonly error: string } {
  const value = parseInteger(text, int);
  return typeof value === 'bigint' ? { value } : { error: `strconv.Atoi: parsing ${quoteAsGo(text)}: ${value}` };
}

export function readInteger(words: Words, spec: IntegerSpec): Reading<bigint> {
  const counted = readOne(words);
  if (!counted.ok) return counted;
  const value = parseInteger(counted.value, spec);
  if (typeof value === 'bigint') return read(value);
  const hint = value === 'value out of range' ? 'it is too large' : null;
  return misread('form', `invalid integer: ${counted.value}`, 0, hint);
}

export function readInt(words: Words): Reading<bigint> {
  return readInteger(words, int);
}

const decimal = /^[+-]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)([eE][+-]?\d[\d_]*)?$/;
const hexadecimal = /^([+-]?)0[xX]_?([\da-fA-F][\da-fA-F_]*)?(?:\.([\da-fA-F_]*))?[pP]([+-]?\d[\d_]*)$/;

/** A number in one of Go's spellings; a block is not looked at (language.md section 11). */
export function readFloat(words: Words): Reading<number> {
  const [text] = words.args;
  if (text === undefined) return misread('too-few', 'expected 1 argument');
  if (words.args.length > 1) return misread('too-many', 'expected 1 argument', 1);
  const value = parseFloat64(text);
  return value === null ? misread('form', `invalid float: ${text}`, 0) : read(value);
}

function parseFloat64(text: string): number | null {
  const word = /^([+-]?)(inf|infinity)$/i.exec(text);
  if (word !== null) return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const value =
    decimal.test(text) && !/(?:^|\D)_|_(?:$|\D)/.test(text) ? Number(text.replaceAll('_', '')) : parseHexadecimal(text);
  return value === null || !Number.isFinite(value) ? null : value;
}

function parseHexadecimal(text: string): number | null {
  const match = hexadecimal.exec(text);
  if (match === null || !underscoresFit(text)) return null;
  const [whole, fraction] = [match[2] ?? '', match[3] ?? ''].map((part) => part.replaceAll('_', ''));
  const digits = `${whole}${fraction}`;
  if (digits === '') return null;
  const exponent = Number(match[4]?.replaceAll('_', '')) - 4 * (fraction ?? '').length;
  const value = Number(BigInt(`0x${digits}`)) * 2 ** exponent;
  return match[1] === '-' ? -value : value;
}

/** `_` may only stand between digits, or after the prefix of a hexadecimal number. */
function underscoresFit(text: string): boolean {
  return !/(^|[^\da-fA-FxX])_|_($|[^\da-fA-F])/.test(text);
}

function readOne(words: Words): Reading<string> {
  const [text] = words.args;
  if (text === undefined) return misread('too-few', 'expected 1 argument');
  if (words.args.length > 1) return misread('too-many', 'expected 1 argument', 1);
  if (words.block === 'filled') return misread('block', "can't declare block here");
  return read(text);
}

/** Sum that wraps as a 64-bit integer does. */
export function wrapInt64(value: bigint): bigint {
  return value > largestInt64 || value < -largestInt64 - 1n ? BigInt.asIntN(64, value) : value;
}
