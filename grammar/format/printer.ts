import { LF } from '../characters.ts';
import { isClosed } from '../scanners.ts';
import { endOf, isQuoted, startOf, type Token } from '../tokens.ts';
import { type BlockNode, type DirectiveNode, type DirectivePart, type Item, rangeOf, visitTokens } from '../tree.ts';
import { writtenToken } from './quoting.ts';

const INDENT = '    ';

/** Prints a tree in the usual form. Comments and line breaks are taken from the text between the tokens. */
export class Printer {
  readonly #text: string;
  readonly #comments: readonly Token[];
  readonly #isFrozen: (item: Item) => boolean;
  readonly #lineEnd: string;
  readonly #lines: string[] = [];
  #line = '';
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
  }

  print(items: readonly Item[]): string {
    if (this.#text.startsWith('\ufeff')) this.#at = 1;
    this.#printItems(items);
    this.#printComments(this.#text.length);
    this.#endLine();
    const body = this.#lines.join(this.#lineEnd);
    const end = this.#isCutOff || body === '' ? '' : this.#lineEnd;
    return (this.#text.startsWith('\ufeff') ? '\ufeff' : '') + body + end;
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
    this.#line = (/^[\ufeff]?\s*$/.test(before) ? before.replace('\ufeff', '') : '') + this.#text.slice(start, end);
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
    this.#add(writtenToken(node.name), node.name);
    for (const part of partsOf(node)) {
      if (part.kind === 'block') this.#printBlock(part.block);
      else this.#printWord(part.token);
    }
    this.#printTrailingComment();
  }

  /** A word stays on its own line where the directive goes on over several. */
  #printWord(token: Token): void {
    if (this.#breaksLine(this.#at, startOf(token))) {
      this.#printTrailingComment();
      this.#depth += 1;
      this.#printComments(startOf(token));
      this.#endLine();
      this.#line = INDENT.repeat(this.#depth);
      this.#depth -= 1;
      this.#add(writtenToken(token), token);
    } else {
      this.#line += ' ';
      this.#add(writtenToken(token), token);
    }
  }

  #printBlock(block: BlockNode): void {
    this.#printWord(block.open);
    const [only] = block.items;
    const isOneLine = !this.#breaksLine(startOf(block.open), endOf(block.close));
    if (isOneLine && block.items.length === 0) this.#line += ' ';
    else if (isOneLine && block.items.length === 1 && only?.kind === 'directive' && only.block === null) {
      this.#line += ' ';
      this.#add(writtenToken(only.name), only.name);
      for (const part of partsOf(only)) if (part.kind !== 'block') this.#printWord(part.token);
      this.#line += ' ';
    } else {
      this.#printTrailingComment();
      this.#depth += 1;
      this.#isBlockStart = true;
      this.#printItems(block.items);
      this.#printComments(startOf(block.close));
      this.#depth -= 1;
      this.#endLine();
      this.#line = INDENT.repeat(this.#depth);
      this.#isBlockStart = false;
    }
    this.#add(writtenToken(block.close), block.close);
  }

  #add(written: string, token: Token): void {
    this.#line += written;
    this.#at = endOf(token);
    this.#isBlockStart = false;
    if (isCut(token) && endOf(token) === this.#text.length) this.#isCutOff = true;
  }

  /** Comments and empty lines up to `offset`, then the indentation of what stands there. */
  #startLine(offset: number): void {
    this.#printComments(offset);
    this.#endLine();
    this.#keepEmptyLine(offset);
    this.#line = INDENT.repeat(this.#depth);
  }

  #printComments(before: number): void {
    for (let comment = this.#comments[this.#nextComment]; comment !== undefined; ) {
      if (startOf(comment) >= before) return;
      this.#endLine();
      this.#keepEmptyLine(startOf(comment));
      this.#line = INDENT.repeat(this.#depth);
      this.#printComment(comment);
      comment = this.#comments[this.#nextComment];
    }
  }

  /** A comment on the line that was just printed. */
  #printTrailingComment(): void {
    const comment = this.#comments[this.#nextComment];
    if (comment === undefined || startOf(comment) < this.#at || this.#breaksLine(this.#at, startOf(comment))) return;
    this.#line += ' ';
    this.#printComment(comment);
  }

  #printComment(comment: Token): void {
    this.#nextComment += 1;
    this.#isBlockStart = false;
    this.#at = endOf(comment);
    if (!isQuoted(comment)) this.#line += comment.image.slice(0, trimmedLength(comment.image));
    else {
      this.#line += comment.image;
      this.#isCutOff = true;
    }
  }

  #keepEmptyLine(offset: number): void {
    if (this.#isBlockStart || this.#lines.length === 0) return;
    const gap = this.#text.slice(this.#at, offset);
    if (gap.indexOf('\n') !== gap.lastIndexOf('\n')) this.#lines.push('');
  }

  #endLine(): void {
    const line = this.#line;
    this.#line = '';
    if (!isBlank(line) || this.#isCutOff) this.#lines.push(line);
  }

  #breaksLine(from: number, to: number): boolean {
    for (let at = from; at < to; at += 1) if (this.#text.charCodeAt(at) === LF) return true;
    return false;
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

function partsOf(node: DirectiveNode): readonly DirectivePart[] {
  if (node.parts !== null) return node.parts;
  const parts: DirectivePart[] = node.args.map((token) => ({ kind: 'argument', token }));
  return node.block === null ? parts : [...parts, { kind: 'block', block: node.block }];
}
