import type { TokenType } from 'chevrotain';
import type { Token } from './tokens.ts';

/** Tokens that the lexer did not make: read differently than they look, or missing in the text. */

export const retype = (token: Token, type: TokenType): Token => ({
  ...token,
  tokenType: type,
  tokenTypeIdx: type.tokenTypeIdx ?? -1,
});

/** A token that is not in the text, at the place where it should stand. */
export const missing = (type: TokenType, offset: number): Token => ({
  image: '',
  startOffset: offset,
  tokenType: type,
  tokenTypeIdx: type.tokenTypeIdx ?? -1,
});
