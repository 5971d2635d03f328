import { isAscii } from './ascii.ts';

/**
 * Simple Unicode lower-casing: one code point to one code point, without context (runtime-core 20.1).
 * `toLowerCase` differs in two places: U+0130 becomes two code points, and a final sigma looks at its neighbours.
 */
export function lowerCase(text: string): string {
  if (isAscii(text) || !/[\u0130\u03a3]/.test(text)) return text.toLowerCase();
  let lowered = '';
  for (const character of text) lowered += character === '\u0130' ? 'i' : character.toLowerCase();
  return lowered;
}
