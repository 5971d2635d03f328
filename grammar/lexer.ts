import { Lexer, type TokenType } from 'chevrotain';
import { once } from './once.ts';
import { COMMENTS, lenientLexerTokens, lexerTokens, type Token } from './tokens.ts';

export interface Lexed {
  readonly text: string;
  /** Words, quoted texts, braces and line breaks (adjacent LFs are one), in the order of the text. */
  readonly tokens: readonly Token[];
  /** Comments, and a lone quote at the end of the text. */
  readonly comments: readonly Token[];
}

/** Holds tables only; a run keeps its state to itself. */
const lexerOf = (types: readonly TokenType[]) =>
  once(
    () =>
      new Lexer([...types], {
        positionTracking: 'onlyOffset',
        ensureOptimizations: true,
        // Checked once, in the tests, instead of at every start.
        skipValidations: true,
      }),
  );

const faithfulLexer = lexerOf(lexerTokens);
const lenientLexer = lexerOf(lenientLexerTokens);

/** Cuts a text into tokens. Every text can be cut; what is wrong with it shows later. */
export const lex = (text: string): Lexed => run(faithfulLexer(), text);

/** The same for a text that does not parse: quotes that were most likely forgotten end with their line. */
export const lexLeniently = (text: string): Lexed => run(lenientLexer(), text);

function run(lexer: Lexer, text: string): Lexed {
  const { tokens, groups } = lexer.tokenize(text);
  const comments = groups[COMMENTS] ?? [];
  if (!text.isWellFormed()) {
    for (const token of tokens) showBrokenBytes(token);
  }
  return { text, tokens, comments };
}

/** The text holds bytes that are no UTF-8, as lone surrogates: values show each as U+FFFD. */
function showBrokenBytes(token: Token): void {
  const value: unknown = token.payload ?? token.image;
  if (typeof value === 'string' && !value.isWellFormed()) token.payload = value.toWellFormed();
}
