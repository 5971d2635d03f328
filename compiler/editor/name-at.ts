import type { Range } from '../../grammar/range.ts';
import { startOf, type Token } from '../../grammar/tokens.ts';

export interface NamedPlace {
  readonly name: string;
  readonly range: Range;
}

/** The reference to a macro around the offset, which may be part of a longer word or text. */
export function macroAt(token: Token, offset: number): NamedPlace | null {
  for (const match of token.image.matchAll(/\$\(([^$()]+)\)/g)) {
    const start = startOf(token) + match.index;
    const end = start + match[0].length;
    if (start <= offset && offset <= end) return { name: match[1] ?? '', range: { start, end } };
  }
  return null;
}
