import type { Dialect } from '../dialect.ts';
import { MOST_OF_A_KIND } from '../finding.ts';
import { parse, type SyntaxTree } from '../parse.ts';
import { isClosed } from '../scanners.ts';
import { endOf, isQuoted, type Token, tokenValue } from '../tokens.ts';
import { type BlockNode, type DirectiveNode, type Item, rangeOf } from '../tree.ts';
import { type ItemStart, Printer } from './printer.ts';

/**
 * The text in its usual form: four blanks a level, one blank between words, quotes only where needed, at most one empty line.
 * A part at top level with something wrong in it stays as it is. The result reads as the text does, or is the text.
 */
export const format = (text: string, dialect: Dialect = 'maddy'): string => formatTree(parse(text, dialect), dialect);

/** The same for who has read the text already. */
export function formatTree(tree: SyntaxTree, dialect: Dialect = 'maddy'): string {
  const { text, findings } = tree;
  const { formatted, itemStarts } = printUsual(tree);
  if (formatted === text) return text;
  const parts = findings.length === 0 ? partsOf(tree, formatted, itemStarts) : [];
  const isDone = parts.length > 1 && parts.every((part) => isSettled(part, dialect));
  return isDone || isSettled({ tree, formatted }, dialect) ? formatted : text;
}

/** Items at top level, or all of a text, and how they were printed. */
interface Part {
  readonly tree: Pick<SyntaxTree, 'items' | 'findings'>;
  readonly formatted: string;
}

/** It reads as the text that it was made of, and would be printed the same again. */
function isSettled({ tree, formatted }: Part, dialect: Dialect): boolean {
  const again = parse(formatted, dialect);
  return meansTheSame(tree, again) && printUsual(again).formatted === formatted;
}

/** Characters: what is made for as many is gone before anybody looks for what can be thrown away. */
const LEAST_OF_A_PART = 50_000;

/**
 * A text that is read part by part needs much less memory at a time. Behind a block nothing is left open, so that what follows reads as it
 * does by itself.
 */
function partsOf({ items }: SyntaxTree, formatted: string, itemStarts: readonly ItemStart[]): readonly Part[] {
  const parts: Part[] = [];
  let first = 0;
  let start = 0;
  const add = (end: number, to: number): void => {
    // The empty line that parts it from what follows stands for nothing at its end.
    const own = formatted.slice(start, to).replace(/(?<=\n)\r?\n$/, end < items.length ? '' : '$&');
    parts.push({ tree: { items: items.slice(first, end), findings: [] }, formatted: own });
    first = end;
    start = to;
  };
  for (const { index, offset } of itemStarts) {
    if (offset - start >= LEAST_OF_A_PART && endsWithBlock(items[index - 1])) add(index, offset);
  }
  add(items.length, formatted.length);
  return parts;
}

function endsWithBlock(item: Item | undefined): boolean {
  return item?.kind === 'directive' && item.block !== null && item.parts === null;
}

function printUsual({ text, items, comments, findings }: SyntaxTree): {
  readonly formatted: string;
  readonly itemStarts: readonly ItemStart[];
} {
  if (findings.length >= MOST_OF_A_KIND) return { formatted: text, itemStarts: [] };
  const places = findings.map(({ range }) => range.start);
  const odd = new Set(items.filter((item) => isOdd(item, text) || holdsAny(item, places)));
  const printer = new Printer(text, comments, (item) => odd.has(item));
  return { formatted: printer.print(items), itemStarts: printer.itemStarts };
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
const meansTheSame = (a: Part['tree'], b: Part['tree']): boolean =>
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
