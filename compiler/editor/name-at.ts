import type { Range } from '../../grammar/range.ts';
import { startOf, type Token } from '../../grammar/tokens.ts';

export interface NamedPlace {
  readonly name: string;
  readonly range: Range;
}

/** The reference to a macro around the offset, which may be part of a longer word or text. */
export function macroAt(token: Token, offset: number): NamedPlace | null {
  return macrosIn(token).find(({ range }) => range.start <= offset && offset <= range.end) ?? null;
}

/** Every reference to a macro in a word or text. */
export function macrosIn(token: Token): readonly NamedPlace[] {
  if (!token.image.includes('$(')) return [];
  return [...token.image.matchAll(/\$\(([^$()]+)\)/g)].map(({ 0: whole, 1: name = '', index }) => {
    const start = startOf(token) + index;
    return { name, range: { start, end: start + whole.length } };
  });
}
