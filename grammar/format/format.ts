import type { Dialect } from '../dialect.ts';
import { MOST_OF_A_KIND } from '../finding.ts';
import { lex } from '../lexer.ts';
import { parse, readTolerantly } from '../parse.ts';
import { isClosed } from '../scanners.ts';
import type { Header, StructureActions } from '../structure.ts';
import { endOf, isQuoted, type Token, tokenValue } from '../tokens.ts';
import { type BlockNode, type DirectiveNode, type Item, rangeOf } from '../tree.ts';
import { Printer } from './printer.ts';

/**
 * The text in its usual form: four blanks a level, one blank between words, quotes only where needed, at most one empty line.
 * A part at top level with something wrong in it stays as it is. The result reads as the text does, or is the text.
 */
export function format(text: string, dialect: Dialect = 'maddy'): string {
  const formatted = printUsual(text, dialect);
  const isSafe = isSame(meaningOf(text, dialect), meaningOf(formatted, dialect));
  return isSafe && printUsual(formatted, dialect) === formatted ? formatted : text;
}

function printUsual(text: string, dialect: Dialect): string {
  const { items, comments, findings } = parse(text, dialect);
  if (findings.length >= MOST_OF_A_KIND) return text;
  const places = findings.map(({ range }) => range.start);
  const odd = new Set(items.filter((item) => isOdd(item, text) || holdsAny(item, places)));
  return new Printer(text, comments, (item) => odd.has(item)).print(items);
}

function holdsAny(item: Item, places: readonly number[]): boolean {
  const { start, end } = rangeOf(item);
  return places.some((place) => place >= start && place <= end);
}

/** Repaired, or of a form that has no usual way to write it. */
function isOdd(item: Item, text: string): boolean {
  if (item.kind === 'stray') return true;
  return isOddToken(item.name, text) || item.args.some((token) => isOddToken(token, text)) || hasOddParts(item, text);
}

/** Missing in the text, or a quote that was ended where its line ends. */
const isOddToken = (token: Token, text: string): boolean =>
  token.image === '' || (isQuoted(token) && !isClosed(token.image) && endOf(token) < text.length);

function hasOddParts({ block, parts }: DirectiveNode, text: string): boolean {
  const isOddOrder = parts?.some((part, index) => {
    if (part.kind === 'block') return index + 1 < parts.length;
    return part.kind === 'mark' && !tokenValue(part.token).endsWith('\\');
  });
  return isOddOrder === true || (block !== null && isOddBlock(block, text));
}

const isOddBlock = ({ open, close, items }: BlockNode, text: string): boolean =>
  isOddToken(open, text) || isOddToken(close, text) || items.some((item) => isOdd(item, text));

/** Everything that a reading gives but the lines: each directive as it is complete, and what is wrong. */
function meaningOf(text: string, dialect: Dialect): readonly string[] {
  const meaning: string[] = [];
  const note = (kind: string, { name, args }: Header, block: readonly unknown[] | null): null => {
    meaning.push(JSON.stringify([kind, name, args.map(tokenValue), block === null ? null : block.length]));
    return null;
  };
  const actions: StructureActions<null> = {
    directive: (header, block) => note('directive', header, block),
    macro: (header, block) => note('macro', header, block),
    snippet: (header, body) => {
      note('snippet', header, body);
    },
  };
  const { findings } = readTolerantly(lex(text), dialect, actions);
  return [...meaning, ...findings.map(({ code }) => code.code)];
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((entry, index) => entry === b[index]);
