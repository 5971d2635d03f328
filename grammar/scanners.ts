import { BACKSLASH, BYTE_ORDER_MARK, CR, isSpace, LF, OPEN_BRACE, QUOTE } from './characters.ts';

/**
 * Hand scanners behind the token patterns (language section 1). Loops, not regular expressions: a repetition over
 * alternatives overflows the engine's stack on a line of megabytes.
 */

/** End of the white space at `start`, up to but without a LF; a byte order mark counts only as the very first character. */
export function scanSpace(text: string, start: number): number {
  let at = start;
  if (at === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK) at = 1;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LF || !isSpace(code)) break;
  }
  return at;
}

/** End of the LFs at `start`. */
export function scanLineBreak(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === LF) at += 1;
  return at;
}

/** CR does not end a comment, LF does. */
export function scanComment(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  if (end === -1) return text.length;
  return text.charCodeAt(end - 1) === CR && end - 1 > start ? end - 1 : end;
}

/**
 * End of the word at `start`. It runs to white space; a CR inside belongs to it (and is deleted from its value), CRs before
 * white space do not. A `#` inside ends the word's value, not the word: what follows up to white space is hidden.
 */
export function scanWord(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code > 0x20 && code < 0x7f) at += 1;
    else if (code === CR) {
      const run = at;
      while (text.charCodeAt(at) === CR) at += 1;
      if (at === text.length || isSpace(text.charCodeAt(at))) return run;
    } else if (isSpace(code)) return at;
    else at += 1;
  }
  return at;
}

/** End of the quoted text at `start`, after its closing quote; the end of the text when there is none. */
export function scanQuoted(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    at += code === BACKSLASH ? 2 : 1;
  }
  return text.length;
}

/**
 * As `scanQuoted`, for texts that do not parse: a quote that runs over its line and is followed by more text at once was most
 * likely forgotten, and what ends it is the start of the next one. Then it ends with its line, before a `{` that ends it.
 */
export function scanQuotedLine(text: string, start: number): number {
  const end = scanQuoted(text, start);
  const lineEnd = text.indexOf('\n', start);
  if (lineEnd === -1 || lineEnd >= end) return end;
  const isClosedQuote = end > start + 1 && text.charCodeAt(end - 1) === QUOTE && isClosed(text.slice(start, end));
  const endsAWord = end === text.length || isSpace(text.charCodeAt(end));
  if (isClosedQuote && endsAWord) return end;
  return trimmedEnd(text, start + 1, lineEnd);
}

function trimmedEnd(text: string, from: number, lineEnd: number): number {
  let end = trimEnd(text, from, lineEnd);
  if (text.charCodeAt(end - 1) === OPEN_BRACE && isSpace(text.charCodeAt(end - 2))) end = trimEnd(text, from, end - 1);
  return end;
}

function trimEnd(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && isSpace(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** The word's value: without CRs and without what a `#` hides. */
export function wordValue(image: string): string {
  const hash = image.indexOf('#');
  const shown = hash === -1 ? image : image.slice(0, hash);
  return shown.includes('\r') ? shown.replaceAll('\r', '') : shown;
}

/** True when the closing quote is there: the last `"` that no backslash escapes. */
export function isClosed(image: string): boolean {
  const last = image.length - 1;
  if (last < 1 || image.charCodeAt(last) !== QUOTE) return false;
  let backslashes = 0;
  while (image.charCodeAt(last - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 0;
}

/** Only `\"` is an escape; `\\` stays two characters but takes both, so `"a\\"` ends. A `\` pending at the end is lost. */
export function quotedValue(image: string, closed: boolean): string {
  const inner = image.slice(1, closed ? -1 : undefined);
  if (!inner.includes('\\')) return inner;
  const unescaped = inner.replace(/\\([\s\S])/g, (both, escaped) => (escaped === '"' ? '"' : both));
  return !closed && endsInPendingBackslash(inner) ? unescaped.slice(0, -1) : unescaped;
}

function endsInPendingBackslash(inner: string): boolean {
  let backslashes = 0;
  while (inner.charCodeAt(inner.length - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}
