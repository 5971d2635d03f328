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
      const glued = at + 1 === to ? gluedBraces(token, expectsName) : null;
      for (let count = glued?.count ?? 0; count > 0 && glued !== null; count -= 1) {
        const leads = isLeading && glued.prefix === '' && count === glued.count;
        braces ??= [];
        braces.push({ kind: glued.kind, at, isLeading: leads, isGlued: true });
      }
      expectsName = false;
    }
  }
  return braces ?? none;
}

export interface GluedBraces {
  readonly kind: 'open' | 'close';
  /** What stands before the braces. */
  readonly prefix: string;
  readonly count: number;
  /** What is lost behind them: `;` of other languages. */
  readonly suffix: string;
}

/** More than this is no slip. */
const MOST_GLUED = 8;

/** Braces at the end of a line's last word that stick to it: `example.org{`, `yes}`, `}}`, `};`. */
export function gluedBraces(token: Token, isName: boolean): GluedBraces | null {
  const value = tokenValue(token);
  if (isQuoted(token) || value !== token.image || value.length < 2) return null;
  if (isName && (value === '};' || value === '},'))
    return { kind: 'close', prefix: '', count: 1, suffix: value.slice(1) };
  const open = bracesLeftOpen(value);
  if (value.endsWith('{') && open > 0) return { kind: 'open', prefix: value.slice(0, -1), count: 1, suffix: '' };
  if (!value.endsWith('}') || open >= 0) return null;
  let count = 1;
  while (count < -open && value.charAt(value.length - 1 - count) === '}') count += 1;
  return count > MOST_GLUED ? null : { kind: 'close', prefix: value.slice(0, -count), count, suffix: '' };
}

function bracesLeftOpen(value: string): number {
  let open = 0;
  for (const character of value) {
    if (character === '{') open += 1;
    else if (character === '}') open -= 1;
  }
  return open;
}
