import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain';
import { BYTE_ORDER_MARK, CLOSE_BRACE, HASH, isSpace, LF, OPEN_BRACE, QUOTE, spaceCodes } from './characters.ts';
import {
  isClosed,
  quotedValue,
  scanComment,
  scanLineBreak,
  scanQuoted,
  scanQuotedLine,
  scanSpace,
  scanWord,
  wordValue,
} from './scanners.ts';

/**
 * One token: where it starts, its characters as written, and its value when that differs from them.
 * Tokens of a tree that stand for nothing in the text (put in where something is missing) have an empty image.
 */
export type Token = IToken;

export const startOf = (token: Token): number => token.startOffset;
export const endOf = (token: Token): number => token.startOffset + token.image.length;

/** What maddy sees: quotes, escapes, CRs and hidden comments taken away, broken bytes as U+FFFD. */
export const tokenValue = (token: Token): string => (typeof token.payload === 'string' ? token.payload : token.image);

export const isQuoted = (token: Token): boolean => token.image.charCodeAt(0) === QUOTE;

type Scan = (text: string, start: number) => number;
type ValueOf = (image: string) => string;

/** A pattern that always matches where its first character allows it; the value is noted when it differs from the image. */
function pattern(scan: Scan, value: ValueOf | null) {
  return (text: string, offset: number): [string] | null => {
    const image = text.substring(offset, scan(text, offset));
    const match: [string] & { payload?: string } = [image];
    if (value === null) return match;
    const shown = value(image);
    if (shown !== image) match.payload = shown;
    return match;
  };
}

/** A brace is structural only as a whole token, and quoting leaves no mark: `"{"` is a brace too. */
function bracePattern(brace: number) {
  const value = String.fromCharCode(brace);
  const alone: [string] = [value];
  return (text: string, offset: number): [string] | null => {
    if (text.charCodeAt(offset) === brace) {
      const next = offset + 1;
      if (next === text.length || isPlainSpace(text.charCodeAt(next))) return alone;
      if (!canStayABrace(text.charCodeAt(next))) return null;
      const image = text.substring(offset, scanWord(text, offset));
      return wordValue(image) === value ? withValue(image, value) : null;
    }
    if (text.charCodeAt(offset + 1) !== brace) return null;
    if (text.charCodeAt(offset + 2) === QUOTE) return withValue(text.substring(offset, offset + 3), value);
    return offset + 2 === text.length ? withValue(text.substring(offset), value) : null;
  };
}

const isPlainSpace = (code: number): boolean => code === 0x20 || code === LF;
/** A CR, a comment or rare white space may follow the brace at once. */
const canStayABrace = (code: number): boolean => code === HASH || isSpace(code);

function withValue(image: string, value: string): [string] {
  const match: [string] & { payload?: string } = [image];
  if (image !== value) match.payload = value;
  return match;
}

/** Quoted text with a value; without one (a lone quote at the end of the file) maddy sees no token at all. */
function quotedPattern(scan: Scan, wanted: 'value' | 'nothing') {
  return (text: string, offset: number): [string] | null => {
    const image = text.substring(offset, scan(text, offset));
    const closed = isClosed(image);
    const value = quotedValue(image, closed);
    if ((value === '' && !closed) !== (wanted === 'nothing')) return null;
    return withValue(image, value);
  };
}

/** The lexer's table of first characters has one entry for 255 wide codes: each entry is met once. */
const wideCodes = Array.from({ length: 257 }, (_, entry) => Math.max(0x100, (entry + 1) * 0xff)).filter(
  (code) => code <= 0xffff,
);
const narrowCodes = Array.from({ length: 256 }, (_, code) => code);
const startsAWord = (code: number): boolean => code !== QUOTE && code !== HASH && !isSpace(code);

const oneLineFeed: [string] = ['\n'];
const oneBlank: [string] = [' '];

export const LineBreak = createToken({
  name: 'LineBreak',
  label: 'end of line',
  pattern: (text, offset) => {
    const end = scanLineBreak(text, offset);
    return end === offset + 1 ? oneLineFeed : [text.substring(offset, end)];
  },
  start_chars_hint: [LF],
  line_breaks: true,
});

export const Space = createToken({
  name: 'Space',
  // An expression would be taken apart at every start.
  pattern: (text, offset) => {
    const end = scanSpace(text, offset);
    if (end === offset + 1 && text.charCodeAt(offset) === 0x20) return oneBlank;
    return end > offset ? [text.substring(offset, end)] : null;
  },
  start_chars_hint: [...spaceCodes.filter((code) => code !== LF), BYTE_ORDER_MARK],
  line_breaks: false,
  group: Lexer.SKIPPED,
});

export const COMMENTS = 'comments';
export const Comment = createToken({
  name: 'Comment',
  pattern: pattern(scanComment, null),
  start_chars_hint: [HASH],
  line_breaks: false,
  group: COMMENTS,
});

export const OpenBrace = createToken({
  name: 'OpenBrace',
  label: '{',
  pattern: bracePattern(OPEN_BRACE),
  start_chars_hint: [QUOTE, OPEN_BRACE],
  line_breaks: false,
});

export const CloseBrace = createToken({
  name: 'CloseBrace',
  label: '}',
  pattern: bracePattern(CLOSE_BRACE),
  start_chars_hint: [QUOTE, CLOSE_BRACE],
  line_breaks: false,
});

export const Word = createToken({
  name: 'Word',
  label: 'word',
  pattern: pattern(scanWord, wordValue),
  start_chars_hint: [...narrowCodes.filter(startsAWord), ...wideCodes],
  line_breaks: false,
});

export const Quoted = createToken({
  name: 'Quoted',
  label: 'quoted text',
  pattern: quotedPattern(scanQuoted, 'value'),
  start_chars_hint: [QUOTE],
  line_breaks: true,
  categories: [Word],
});

/** In texts that do not parse; see `scanQuotedLine`. */
export const QuotedLine = createToken({
  name: 'QuotedLine',
  label: 'quoted text',
  pattern: quotedPattern(scanQuotedLine, 'value'),
  start_chars_hint: [QUOTE],
  line_breaks: true,
  categories: [Word],
});

const LoneQuoteOnLine = createToken({
  name: 'LoneQuoteOnLine',
  pattern: quotedPattern(scanQuotedLine, 'nothing'),
  start_chars_hint: [QUOTE],
  line_breaks: true,
  group: COMMENTS,
});

/** Kept among the comments, since it means nothing. */
export const LoneQuote = createToken({
  name: 'LoneQuote',
  pattern: quotedPattern(scanQuoted, 'nothing'),
  start_chars_hint: [QUOTE],
  line_breaks: true,
  group: COMMENTS,
});

/** Never lexed: what recovery makes of a `}` that closes nothing. It ends its line. */
export const Stray = createToken({ name: 'Stray', label: '} that closes nothing' });

const beforeQuotes = [LineBreak, Space, Comment, OpenBrace, CloseBrace];

/** In the order in which the lexer tries them. */
export const lexerTokens: readonly TokenType[] = [...beforeQuotes, Quoted, LoneQuote, Word];
/** For texts that do not parse. */
export const lenientLexerTokens: readonly TokenType[] = [...beforeQuotes, QuotedLine, LoneQuoteOnLine, Word];
