import { misread, type Reading, read, type Words } from './reading.ts';

const largest = 2n ** 63n - 1n;
/** A negative duration may reach one further; what comes after the sign is looked at by itself. */
const largestAmount = 2n ** 63n;
/** Digits of `largestAmount`. */
const MOST_DIGITS = 19;

/** Nanoseconds. */
const units: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00B5s', 1_000n],
  ['\u03BCs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

/** Nanoseconds of a duration in Go's spelling (`1h30m`, `1.5s`, `-5s`), or maddy's text. */
export function parseDuration(text: string): bigint | { readonly error: string; readonly hint: string | null } {
  const plain = /^(\d{1,6})(ms|[smh])$/.exec(text);
  if (plain !== null) return BigInt(plain[1] ?? '0') * (units.get(plain[2] ?? '') ?? 1n);
  const quoted = quote(text);
  const invalid = { error: `time: invalid duration ${quoted}`, hint: null };
  const negative = text.startsWith('-');
  let rest = /^[+-]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return 0n;
  if (rest === '') return invalid;
  let total = 0n;
  while (rest !== '') {
    const number = /^(\d*)(?:\.(\d*))?/.exec(rest);
    const [matched, whole, fraction] = [number?.[0] ?? '', number?.[1] ?? '', number?.[2] ?? ''];
    const amount = amountOf(whole);
    if (amount === null || (whole === '' && fraction === '')) return invalid;
    rest = rest.slice(matched.length);
    const unit = /^[^\d.]+/.exec(rest)?.[0];
    if (unit === undefined) return { error: `time: missing unit in duration ${quoted}`, hint: 'the unit is missing' };
    const scale = units.get(unit);
    if (scale === undefined) {
      return { error: `time: unknown unit ${quote(unit)} in duration ${quoted}`, hint: unitHint(unit) };
    }
    rest = rest.slice(unit.length);
    total += amount * scale + fractionOf(fraction, scale);
    if (total > largestAmount) return invalid;
  }
  if (negative) return -total;
  return total > largest ? invalid : total;
}

/** Null when it is too large by itself, whatever its unit. */
function amountOf(digits: string): bigint | null {
  const significant = digits.replace(/^0+/, '');
  if (significant.length > MOST_DIGITS) return null;
  const amount = BigInt(significant === '' ? '0' : significant);
  return amount > largestAmount ? null : amount;
}

/** Arguments are joined without a separator (language.md section 11). */
export function readDuration(words: Words): Reading<bigint> {
  if (words.block === 'filled') return misread('block', "can't declare block here");
  if (words.args.length === 0) return misread('too-few', 'at least one argument is required');
  const value = parseDuration(words.args.join(''));
  if (typeof value !== 'bigint') return misread('form', value.error, words.args.length === 1 ? 0 : null, value.hint);
  return value < 0n ? misread('form', 'duration must not be negative', 0, 'it is negative') : read(value);
}

/** In floating point, as maddy counts it; digits that 63 bits cannot hold are left out. */
function fractionOf(digits: string, scale: bigint): bigint {
  let value = 0n;
  let divisor = 1;
  for (const digit of digits.slice(0, MOST_DIGITS + 1)) {
    if (value > largest / 10n) break;
    const longer = value * 10n + BigInt(digit);
    if (longer > largestAmount) break;
    value = longer;
    divisor *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(scale) / divisor)));
}

function unitHint(unit: string): string {
  const word = unit.trim();
  if (word === 'd' || word === 'w' || word === 'y') return `there is no unit "${word}": write hours`;
  if (word !== unit) return 'blanks may stand only between arguments';
  return `there is no unit "${word}"`;
}

/** As Go's time package quotes: bytes outside printable ASCII in hexadecimal. */
function quote(text: string): string {
  const parts = [...text.toWellFormed()].map((character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    if (character >= ' ' && character < '\u0080') return character;
    const bytes =
      character < ' ' ? `%${character.charCodeAt(0).toString(16).padStart(2, '0')}` : encodeURIComponent(character);
    return bytes.toLowerCase().replaceAll('%', '\\x');
  });
  return `"${parts.join('')}"`;
}
