import type { Dialect } from '../dialect.ts';
import { MOST_OF_A_KIND } from '../finding.ts';
import { parse, type SyntaxTree } from '../parse.ts';
import { isClosed } from '../scanners.ts';
import { endOf, isQuoted, type Token, tokenValue } from '../tokens.ts';
import { type BlockNode, type DirectiveNode, type Item, rangeOf } from '../tree.ts';
import { Printer } from './printer.ts';

/**
 * The text in its usual form: four blanks a level, one blank between words, quotes only where needed, at most one empty line.
 * A part at top level with something wrong in it stays as it is. The result reads as the text does, or is the text.
 */
export const format = (text: string, dialect: Dialect = 'maddy'): string => formatTree(parse(text, dialect), dialect);

/** The same for who has read the text already. */
export function formatTree(tree: SyntaxTree, dialect: Dialect = 'maddy'): string {
  const { text } = tree;
  const formatted = printUsual(tree);
  if (formatted === text) return text;
  const again = parse(formatted, dialect);
  return meansTheSame(tree, again) && printUsual(again) === formatted ? formatted : text;
}

function printUsual({ text, items, comments, findings }: SyntaxTree): string {
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

/** Everything that a reading gives but the lines: each directive with as much as it has, and what is wrong. */
const meansTheSame = (a: SyntaxTree, b: SyntaxTree): boolean =>
  areSame(a.findings, b.findings, (one, other) => one.code.code === other.code.code) &&
  areSame(a.items, b.items, isSame);

function isSame(a: Item, b: Item): boolean {
  if (a.kind === 'stray' || b.kind === 'stray') return a.kind === b.kind;
  if (!hasSameValue(a.name, b.name) || !areSame(a.args, b.args, hasSameValue)) return false;
  if (a.block === null || b.block === null) return a.block === b.block;
  return areSame(a.block.items, b.block.items, isSame);
}

const hasSameValue = (a: Token, b: Token): boolean => tokenValue(a) === tokenValue(b);

function areSame<Part>(a: readonly Part[], b: readonly Part[], isSamePart: (a: Part, b: Part) => boolean): boolean {
  if (a.length !== b.length) return false;
  return a.every((one, index) => {
    const other = b[index];
    return other !== undefined && isSamePart(one, other);
  });
}
