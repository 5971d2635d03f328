import { LF } from '../characters.ts';
import { isClosed } from '../scanners.ts';
import { endOf, isQuoted, startOf, type Token } from '../tokens.ts';
import { type BlockNode, type DirectiveNode, type Item, rangeOf, visitTokens } from '../tree.ts';
import { CopiedText } from './copied-text.ts';
import { writtenToken } from './quoting.ts';

const INDENT = '    ';

/** Where the line of an item at top level begins. */
export interface ItemStart {
  readonly index: number;
  readonly offset: number;
}

/** Prints a tree in the usual form. Comments and line breaks are taken from the text between the tokens. */
export class Printer {
  /** In what was printed; items that share their line with another have none. */
  readonly itemStarts: ItemStart[] = [];
  readonly #text: string;
  readonly #comments: readonly Token[];
  readonly #isFrozen: (item: Item) => boolean;
  readonly #lineEnd: string;
  readonly #printed: CopiedText;
  /** How far in the next line begins; null while there is one that is not ended. */
  #nextIndent: number | null = 0;
  #isFirstLine = true;
  /** Index of the item at top level that the next line begins with. */
  #startsItem: number | null = null;
  #depth = 0;
  #nextComment = 0;
  /** Where the last thing that was printed ends in the text. */
  #at = 0;
  /** Nothing may follow: the text ends inside of a quote. */
  #isCutOff = false;
  #isBlockStart = true;

  constructor(text: string, comments: readonly Token[], isFrozen: (item: Item) => boolean) {
    this.#text = text;
    this.#comments = comments;
    this.#isFrozen = isFrozen;
    this.#lineEnd = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
    this.#printed = new CopiedText(text);
  }

  print(items: readonly Item[]): string {
    if (this.#text.startsWith('\ufeff')) {
      this.#printed.add('\ufeff', 0);
      this.#at = 1;
    }
    this.#printItems(items);
    this.#printComments(this.#text.length);
    if (!this.#isCutOff && !this.#isFirstLine) this.#printed.goOn(this.#lineEnd);
    return this.#printed.finish();
  }

  #printItems(items: readonly Item[]): void {
    for (let index = 0; index < items.length; index += 1) {
      const item = items[index];
      if (item === undefined) return;
      const region = this.#frozenRegion(items, index);
      if (region > index) {
        this.#printFrozen(item, items[region - 1] ?? item);
        index = region - 1;
      } else {
        this.#startLine(rangeOf(item).start);
        if (this.#depth === 0) this.#startsItem = index;
        if (item.kind === 'directive') this.#printDirective(item);
      }
    }
  }

  /** Items that stay as they are from here on: the end of the run, or the index itself for none. */
  #frozenRegion(items: readonly Item[], from: number): number {
    let to = from;
    for (let item = items[to]; item !== undefined; item = items[to]) {
      const next = items[to + 1];
      const sharesLine = next !== undefined && !this.#breaksLine(rangeOf(item).end, rangeOf(next).start);
      const before = items[to - 1];
      const shared = to > from && before !== undefined && !this.#breaksLine(rangeOf(before).end, rangeOf(item).start);
      if (!this.#isFrozen(item) && !sharesLine && !shared) break;
      to += 1;
    }
    return to;
  }

  #printFrozen(first: Item, last: Item): void {
    const { start } = rangeOf(first);
    this.#startLine(start);
    const lineStart = this.#text.lastIndexOf('\n', start - 1) + 1;
    const before = this.#text.slice(Math.max(lineStart, this.#at), start);
    const end = this.#restOfLine(rangeOf(last).end);
    const indent = /^[\ufeff]?\s*$/.test(before) ? before.replace('\ufeff', '') : '';
    const frozen = this.#text.slice(start, end);
    if (!isBlank(frozen)) {
      this.#nextIndent = 0;
      this.#write(indent, start - indent.length);
      this.#write(frozen, start);
    }
    this.#at = end;
    while ((this.#comments[this.#nextComment]?.startOffset ?? end) < end) this.#nextComment += 1;
    if (this.#isCutQuote(last)) this.#isCutOff = true;
    this.#isBlockStart = false;
    this.#printTrailingComment();
  }

  /** What recovery passed over behind the last token, up to the comment on its line. */
  #restOfLine(from: number): number {
    const lineEnd = this.#text.indexOf('\n', from);
    let next = this.#nextComment;
    while ((this.#comments[next]?.startOffset ?? from) < from) next += 1;
    const comment = this.#comments[next]?.startOffset ?? this.#text.length;
    const to = Math.min(lineEnd === -1 ? this.#text.length : lineEnd, comment);
    return from + trimmedLength(this.#text.slice(from, to));
  }

  #isCutQuote(item: Item): boolean {
    let last: Token | null = null;
    visitTokens([item], (token) => {
      if (token.image !== '') last = token;
    });
    return last !== null && isCut(last) && endOf(last) === this.#text.length;
  }

  #printDirective(node: DirectiveNode): void {
    this.#add(node.name);
    if (node.parts === null) {
      for (const token of node.args) this.#printWord(token);
      if (node.block !== null) this.#printBlock(node.block);
    } else {
      for (const part of node.parts) {
        if (part.kind === 'block') this.#printBlock(part.block);
        else this.#printWord(part.token);
      }
    }
    this.#printTrailingComment();
  }

  /** A word stays on its own line where the directive goes on over several. */
  #printWord(token: Token): void {
    if (this.#breaksLine(this.#at, startOf(token))) {
      this.#printTrailingComment();
      this.#depth += 1;
      this.#printComments(startOf(token));
      this.#nextIndent = this.#depth;
      this.#depth -= 1;
    } else this.#printed.goOn(' ');
    this.#add(token);
  }

  #printBlock(block: BlockNode): void {
    this.#printWord(block.open);
    const [only] = block.items;
    const isOneLine = !this.#breaksLine(startOf(block.open), endOf(block.close));
    if (isOneLine && block.items.length === 0) this.#printed.goOn(' ');
    else if (isOneLine && block.items.length === 1 && only?.kind === 'directive' && only.block === null) {
      this.#printed.goOn(' ');
      this.#add(only.name);
      for (const token of wordsOf(only)) this.#printWord(token);
      this.#printed.goOn(' ');
    } else {
      this.#printTrailingComment();
      this.#depth += 1;
      this.#isBlockStart = true;
      this.#printItems(block.items);
      this.#printComments(startOf(block.close));
      this.#depth -= 1;
      this.#nextIndent = this.#depth;
      this.#isBlockStart = false;
    }
    this.#add(block.close);
  }

  #add(token: Token): void {
    this.#write(writtenToken(token), startOf(token));
    this.#at = endOf(token);
    this.#isBlockStart = false;
    if (isCut(token) && endOf(token) === this.#text.length) this.#isCutOff = true;
  }

  /** Comments and empty lines up to `offset`, then the indentation of what stands there. */
  #startLine(offset: number): void {
    this.#printComments(offset);
    this.#keepEmptyLine(offset);
    this.#nextIndent = this.#depth;
  }

  #printComments(before: number): void {
    for (let comment = this.#comments[this.#nextComment]; comment !== undefined; ) {
      if (startOf(comment) >= before) return;
      this.#keepEmptyLine(startOf(comment));
      this.#nextIndent = this.#depth;
      this.#printComment(comment);
      comment = this.#comments[this.#nextComment];
    }
  }

  /** A comment on the line that was just printed. */
  #printTrailingComment(): void {
    const comment = this.#comments[this.#nextComment];
    if (comment === undefined || startOf(comment) < this.#at || this.#breaksLine(this.#at, startOf(comment))) return;
    this.#printed.goOn(' ');
    this.#printComment(comment);
  }

  #printComment(comment: Token): void {
    this.#nextComment += 1;
    this.#isBlockStart = false;
    this.#at = endOf(comment);
    const isText = !isQuoted(comment);
    this.#write(isText ? comment.image.slice(0, trimmedLength(comment.image)) : comment.image, startOf(comment));
    if (!isText) this.#isCutOff = true;
  }

  #keepEmptyLine(offset: number): void {
    if (this.#isBlockStart || this.#isFirstLine) return;
    const first = this.#lineBreakIn(this.#at, offset);
    if (first !== -1 && this.#lineBreakIn(first + 1, offset) !== -1) this.#printed.goOn(this.#lineEnd);
  }

  /** What stands at `at` in the text, unless it is written otherwise; a line that was begun for nothing is none. */
  #write(written: string, at: number): void {
    if (written === '') return;
    if (this.#nextIndent !== null) {
      if (!this.#isFirstLine) this.#printed.goOn(this.#lineEnd);
      if (this.#startsItem !== null) this.itemStarts.push({ index: this.#startsItem, offset: this.#printed.length });
      this.#startsItem = null;
      for (let level = this.#nextIndent; level > 0; level -= 1) this.#printed.goOn(INDENT);
      this.#nextIndent = null;
      this.#isFirstLine = false;
    }
    this.#printed.add(written, at);
  }

  #breaksLine(from: number, to: number): boolean {
    return this.#lineBreakIn(from, to) !== -1;
  }

  /** -1 when there is none. Gaps are short: a search would look further. */
  #lineBreakIn(from: number, to: number): number {
    for (let at = from; at < to; at += 1) if (this.#text.charCodeAt(at) === LF) return at;
    return -1;
  }
}

const isBlank = (line: string): boolean => trimmedLength(line) === 0;

/** Without blanks, tabs and CRs at the end; `trimEnd` would take invisible characters that mean something. */
function trimmedLength(line: string): number {
  let length = line.length;
  while (length > 0 && ' \t\r'.includes(line.charAt(length - 1))) length -= 1;
  return length;
}

/** A quote that runs to the end of the text. */
const isCut = (token: Token): boolean => isQuoted(token) && !isClosed(token.image);

/** All but blocks. */
function wordsOf({ parts, args }: DirectiveNode): readonly Token[] {
  return parts === null ? args : parts.flatMap((part) => (part.kind === 'block' ? [] : [part.token]));
}
