import { CloseBrace, isQuoted, LineBreak, OpenBrace, startOf, type Token, tokenValue } from './tokens.ts';

/** A line as its writer meant it: where it starts, and which of its braces open and close blocks. */
export interface Line {
  /** Indexes of its first token and behind its last one. */
  readonly from: number;
  readonly to: number;
  /** Columns of white space in front; a tab goes to the next multiple of eight. */
  readonly indent: number;
  readonly braces: readonly LineBrace[];
}

export interface LineBrace {
  readonly kind: 'open' | 'close';
  /** Index of the token. */
  readonly at: number;
  /** First on its line, so that its column tells what it belongs to. */
  readonly isLeading: boolean;
  /** Part of a word that lacks a blank: counts only when nothing else balances. */
  readonly isGlued: boolean;
}

const TAB_WIDTH = 8;

function indentOf(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start -= 1;
  let width = 0;
  for (let at = start; at < offset; at += 1) {
    width = text[at] === '\t' ? (Math.floor(width / TAB_WIDTH) + 1) * TAB_WIDTH : width + 1;
  }
  return width;
}

/** Splits tokens into lines with their braces. A quoted text with line breaks inside does not end its line. */
export function readLines(text: string, tokens: readonly Token[]): Line[] {
  const lines: Line[] = [];
  let from = 0;
  for (let at = 0; at <= tokens.length; at += 1) {
    const token = tokens[at];
    if (token !== undefined && token.tokenTypeIdx !== LineBreak.tokenTypeIdx) continue;
    const first = tokens[from];
    if (first !== undefined && at > from) {
      lines.push({ from, to: at, indent: indentOf(text, startOf(first)), braces: bracesOf(tokens, from, at) });
    }
    from = at + 1;
  }
  return lines;
}

const none: readonly LineBrace[] = [];

function bracesOf(tokens: readonly Token[], from: number, to: number): readonly LineBrace[] {
  let braces: LineBrace[] | null = null;
  let trailing = to;
  while (trailing > from && tokens[trailing - 1]?.tokenTypeIdx === CloseBrace.tokenTypeIdx) trailing -= 1;
  let expectsName = true;
  let openHere = 0;
  for (let at = from; at < to; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const isLeading = at === from;
    if (token.tokenTypeIdx === OpenBrace.tokenTypeIdx) {
      braces ??= [];
      braces.push({ kind: 'open', at, isLeading, isGlued: false });
      expectsName = true;
      openHere += 1;
    } else if (token.tokenTypeIdx === CloseBrace.tokenTypeIdx) {
      if (!expectsName && at < trailing && openHere === 0) continue;
      braces ??= [];
      braces.push({ kind: 'close', at, isLeading: isLeading && expectsName, isGlued: false });
      openHere = Math.max(0, openHere - 1);
      expectsName = true;
    } else {
      const glued = gluedBrace(token, at + 1 === to, expectsName);
      if (glued !== null) {
        braces ??= [];
        braces.push({ kind: glued, at, isLeading: isLeading && glued === 'close', isGlued: true });
      }
      expectsName = false;
    }
  }
  return braces ?? none;
}

/** A brace at the end of a line that is stuck to a word: `example.org{`, `yes}`, `};`. */
function gluedBrace(token: Token, isLast: boolean, isName: boolean): 'open' | 'close' | null {
  if (!isLast || isQuoted(token)) return null;
  const value = tokenValue(token);
  if (value !== token.image || value.length < 2) return null;
  if (isName && (value === '};' || value === '},')) return 'close';
  if (value.endsWith('{') && bracesLeftOpen(value) > 0) return 'open';
  if (value.endsWith('}') && bracesLeftOpen(value) < 0) return 'close';
  return null;
}

function bracesLeftOpen(value: string): number {
  let open = 0;
  for (const character of value) {
    if (character === '{') open += 1;
    else if (character === '}') open -= 1;
  }
  return open;
}
