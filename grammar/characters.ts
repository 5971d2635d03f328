import { once } from './once.ts';
import { digitRanges, letterRanges } from './unicode-ranges.ts';

export const LF = 0x0a;
export const CR = 0x0d;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const BYTE_ORDER_MARK = 0xfeff;

/**
 * White space of Unicode 15 as maddy sees it (language section 1). JavaScript's `\s` differs: it has U+FEFF and lacks U+0085.
 * Runs of these start and end tokens; only LF ends a line.
 */
export const spaceCodes: readonly number[] = [
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006,
  0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
];

export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return code >= 0x85 && isWideSpace(code);
}

function isWideSpace(code: number): boolean {
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  if (code < 0x2000) return code === 0x1680;
  return code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f || code === 0x3000;
}

const letters = once(letterRanges);
const digits = once(digitRanges);

/** Unicode 15.0 category L (any letter). */
export function isLetter(codePoint: number): boolean {
  if (codePoint < 128) return (codePoint | 32) >= 0x61 && (codePoint | 32) <= 0x7a;
  return isWithin(letters(), codePoint);
}

/** Unicode 15.0 category Nd (decimal digit of any script). */
export function isDigit(codePoint: number): boolean {
  if (codePoint < 128) return codePoint >= 0x30 && codePoint <= 0x39;
  return isWithin(digits(), codePoint);
}

function isWithin(ranges: Uint32Array, codePoint: number): boolean {
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((ranges[middle * 2] ?? 0) <= codePoint) low = middle;
    else high = middle - 1;
  }
  return codePoint >= (ranges[low * 2] ?? 0) && codePoint <= (ranges[low * 2 + 1] ?? 0);
}
