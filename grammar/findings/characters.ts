import type { Code } from '../code.ts';
import type { FindingList } from '../finding.ts';
import type { Lexed } from '../lexer.ts';
import { endOf, startOf, type Token } from '../tokens.ts';

/** Characters that look like something else, or like nothing. */

export const unusualCharacter: Code = {
  code: 'M1104',
  name: 'unusual-character',
  severity: 'warning',
  summary: 'an invisible or typographic character where a plain one is meant',
  page: () => ({
    docs: 'Copied texts bring no-break spaces, zero-width characters and typographic quotes. Only `"` quotes; “ ” are part of the word. A no-break space parts words like a blank, a zero-width space becomes part of one, so that a domain or path looks right and matches nothing.',
    invalid: 'hostname mx.example.org\u200b\n',
    valid: 'hostname mx.example.org\n',
  }),
};

export const loneCarriageReturn: Code = {
  code: 'M1110',
  name: 'lone-carriage-return',
  severity: 'warning',
  summary: 'a carriage return that ends no line',
  page: () => ({
    docs: 'Only LF ends a line. A CR without LF is deleted where it stands, so the words around it become one and the line goes on. Files with old Macintosh line ends are one single line for maddy. Convert the file to LF.',
    invalid: 'hostname mx.example.org\rdebug yes\n',
    valid: 'hostname mx.example.org\r\ndebug yes\r\n',
  }),
};

export const invalidUtf8: Code = {
  code: 'M1111',
  name: 'invalid-utf8',
  severity: 'warning',
  summary: 'bytes that are no UTF-8',
  page: () => ({
    docs: 'maddy reads UTF-8. Each byte that is no part of it becomes U+FFFD, so the value is not the one that was written; Madmail 2 refuses the file. Convert it from Latin-1 or UTF-16 to UTF-8.',
    invalid: 'hostname m\udcfcller.example\n',
    valid: 'hostname müller.example\n',
  }),
};

interface Unusual {
  readonly name: string;
  /** What is certainly meant instead; null when that is not certain. */
  readonly plain: string | null;
}

const noBreakSpace: Unusual = { name: 'no-break space', plain: ' ' };
const zeroWidth = (name: string): Unusual => ({ name, plain: '' });
const quote: Unusual = { name: 'typographic quote', plain: null };

const unusual: ReadonlyMap<string, Unusual> = new Map([
  ['\u00a0', noBreakSpace],
  ['\u202f', noBreakSpace],
  ['\u00ad', zeroWidth('soft hyphen')],
  ['\u180e', zeroWidth('Mongolian vowel separator')],
  ['\u200b', zeroWidth('zero-width space')],
  ['\u200c', zeroWidth('zero-width non-joiner')],
  ['\u200d', zeroWidth('zero-width joiner')],
  ['\u2060', zeroWidth('word joiner')],
  ['\ufeff', zeroWidth('byte order mark in the middle of the text')],
  ...['\u2018', '\u2019', '\u201a', '\u201c', '\u201d', '\u201e', '\u00ab', '\u00bb'].map(
    (character) => [character, quote] as const,
  ),
  ...['\u0085', '\u1680', '\u2028', '\u2029', '\u205f', '\u3000'].map(
    (character) => [character, { name: 'rare white space', plain: ' ' }] as const,
  ),
  ...Array.from({ length: 11 }, (_, index) => {
    return [String.fromCharCode(0x2000 + index), { name: 'typographic space', plain: ' ' }] as const;
  }),
]);

const candidates =
  /[\u0085\u00a0\u00ab\u00ad\u00bb\u1680\u180e\u2000-\u200d\u2018-\u201a\u201c-\u201e\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]/g;

/** Looks at the whole text outside of comments; quoted texts may hold any character but invisible ones. */
export function findCharacters({ text, tokens, comments }: Lexed, report: FindingList): void {
  const places = new Cursor(tokens);
  const inComment = new Cursor(comments);
  for (const match of text.matchAll(candidates)) {
    const start = match.index;
    if (start === 0 && match[0] === '\ufeff') continue;
    const known = unusual.get(match[0]);
    if (known === undefined || inComment.tokenAt(start) !== null) continue;
    const token = places.tokenAt(start);
    if (token?.image.startsWith('"') && known.plain !== '') continue;
    const range = { start, end: start + 1 };
    const code = `U+${match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    const plain = known.plain;
    report.add(unusualCharacter, `${known.name} (${code})`, range, {
      label: effectOf(known, token),
      fixes:
        plain === null
          ? []
          : [{ title: plain === '' ? 'remove it' : 'write a blank', safe: true, edits: [{ range, text: plain }] }],
    });
  }
  if (text.includes('\r')) findCarriageReturns(text, tokens, comments, report);
  if (!text.isWellFormed()) findBrokenBytes(text, report);
}

function effectOf(known: Unusual, token: Token | null): string {
  if (known === quote) return 'does not quote: it is part of the word';
  if (token === null) return 'parts words like a blank';
  return known.plain === '' ? 'invisible, and part of the value' : 'part of the value';
}

function findCarriageReturns(
  text: string,
  tokens: readonly Token[],
  comments: readonly Token[],
  report: FindingList,
): void {
  const places = new Cursor(tokens);
  const inComment = new Cursor(comments);
  for (const match of text.matchAll(/\r(?![\r\n])/g)) {
    const start = match.index;
    if (start + 1 === text.length || inComment.tokenAt(start) !== null) continue;
    const token = places.tokenAt(start);
    if (token?.image.startsWith('"')) continue;
    const label = token === null ? 'does not end the line' : 'deleted: the words around it are one';
    report.add(loneCarriageReturn, 'a carriage return without a line feed', { start, end: start + 1 }, { label });
  }
}

function findBrokenBytes(text: string, report: FindingList): void {
  for (const match of text.matchAll(/\p{Cs}/gu)) {
    const start = match.index;
    const byte = match[0].charCodeAt(0) - 0xdc00;
    const name = byte >= 0x80 && byte <= 0xff ? `the byte 0x${byte.toString(16)}` : 'a lone surrogate';
    report.add(invalidUtf8, `${name} is no UTF-8`, { start, end: start + 1 }, { label: 'read as U+FFFD' });
  }
}

/** Finds the token at ascending offsets. */
class Cursor {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  tokenAt(offset: number): Token | null {
    for (let token = this.#tokens[this.#at]; token !== undefined; token = this.#tokens[this.#at]) {
      if (endOf(token) > offset) return startOf(token) <= offset ? token : null;
      this.#at += 1;
    }
    return null;
  }
}
