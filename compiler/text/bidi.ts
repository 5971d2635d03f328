import { once } from '../../grammar/once.ts';

/**
 * The Bidi Rule of RFC 5893 section 2, for text that holds a right-to-left character. JavaScript does not know bidi
 * classes; letters of the blocks that Unicode reserves for right-to-left scripts are its classes R and AL.
 */
const rightToLeftBlocks = '[\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufeff\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}]';
const rightToLeft = once(() => new RegExp(`[${rightToLeftBlocks}&&\\p{L}]`, 'v'));
const leftToRight = once(() => new RegExp(`[\\p{L}--${rightToLeftBlocks}]`, 'v'));
const endsWell = once(() => new RegExp(`[[${rightToLeftBlocks}&&[\\p{L}\\p{Nd}]]0-9]\\p{Mn}*$`, 'v'));
const arabicDigit = /[\u0660-\u0669\u066b\u066c\u06dd]/;
const europeanDigit = /[0-9\u06f0-\u06f9]/;

export function satisfiesBidiRule(text: string): boolean {
  if (!rightToLeft().test(text) && !arabicDigit.test(text)) return true;
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return (
    rightToLeft().test(first) &&
    !leftToRight().test(text) &&
    endsWell().test(text) &&
    !(arabicDigit.test(text) && europeanDigit.test(text))
  );
}
