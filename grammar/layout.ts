import { createToken, type TokenType } from 'chevrotain';
import { ENDS, role, type Structure } from './structure.ts';
import { missing, retype } from './synthetic.ts';
import {
  CloseBrace,
  endOf,
  LineBreak,
  OpenBrace,
  Quoted,
  QuotedLine,
  Stray,
  startOf,
  type Token,
  Word,
} from './tokens.ts';

/** What the tree's grammar is written in: lines have become ends of directives, and each brace is what it means. */

/** A directive ends here. Stands for nothing in the text. */
export const End = createToken({ name: 'End', label: 'end of directive' });
/** Belongs to a directive and is no argument: `\` that joins lines, a brace that ends nothing or another block. */
export const Mark = createToken({ name: 'Mark', label: 'mark' });

export const layoutTokens: readonly TokenType[] = [Word, Quoted, QuotedLine, OpenBrace, CloseBrace, End, Mark, Stray];

const end = missing(End, 0);

/** The tokens in the terms of the tree's grammar, which accepts whatever comes out of here. */
export function layOut(tokens: readonly Token[], structure: Structure<unknown>): Token[] {
  const { roles, endings, substitutes } = structure;
  const laidOut: Token[] = [];
  const isPlain = endings.size === 0 && substitutes.size === 0;
  let lastEnd = 0;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    const marked = roles[index] ?? 0;
    const meaning = marked & ~ENDS;
    if (token.tokenTypeIdx !== LineBreak.tokenTypeIdx) {
      if (meaning === role.headlessOpen) laidOut.push(missing(Word, startOf(token)));
      laidOut.push(retyped(isPlain ? token : (substitutes.get(index) ?? token), meaning));
      lastEnd = endOf(token);
    }
    if ((marked & ENDS) !== 0) laidOut.push(end);
    if (isPlain) continue;
    for (const ending of endings.get(index) ?? []) {
      laidOut.push(ending === 'directive' ? end : missing(CloseBrace, lastEnd));
    }
  }
  return laidOut;
}

function retyped(token: Token, meaning: number): Token {
  switch (meaning) {
    case role.literalBrace:
      return retype(token, Word);
    case role.name:
      return token.tokenTypeIdx === OpenBrace.tokenTypeIdx ? retype(token, Word) : token;
    case role.close:
      return token.tokenTypeIdx === CloseBrace.tokenTypeIdx ? token : retype(token, CloseBrace);
    case role.join:
    case role.earlyClose:
    case role.swallowed:
      return retype(token, Mark);
    case role.stray:
      return retype(token, Stray);
    default:
      return token;
  }
}
