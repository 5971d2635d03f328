import { parse } from '../../grammar/parse.ts';
import { endOf, startOf, type Token } from '../../grammar/tokens.ts';
import { type DirectiveNode, type Item, rangeOf } from '../../grammar/tree.ts';
import type { TextEdit } from '../diagnostics/diagnostic.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import { lineIndexAt, type SourceFile } from '../source/source-file.ts';

/** Changes to directives where they are written. Whatever goes, its comments stay. */
export class DirectiveEdits {
  readonly #texts = new Map<SourceFile, TextNodes>();
  readonly #edits = new Map<string, readonly TextEdit[]>();

  /** All that was asked for, without what lies in something that goes as a whole. */
  get edits(): readonly TextEdit[] {
    const byFile = new Map<SourceFile, TextEdit[]>();
    for (const edit of [...this.#edits.values()].flat()) {
      const own = byFile.get(edit.file);
      if (own === undefined) byFile.set(edit.file, [edit]);
      else own.push(edit);
    }
    return [...byFile.values()].flatMap(outermost);
  }

  /** The directive with its block, and its line when nothing else stands there. */
  remove(directive: ExpandedDirective): void {
    this.#edit(directive, (node, nodes) => [removal(node, nodes)]);
  }

  /** The block becomes one of another module, under the name that it has, with these lines in it. */
  remake(directive: ExpandedDirective, moduleName: string, lines: readonly string[]): void {
    this.#edit(directive, (node, nodes) => [
      { file: nodes.file, range: rangeOfToken(node.name), text: moduleName },
      blockBody(node, nodes, lines),
    ]);
  }

  /** What stands after the directive's name, with the block or without. */
  replaceArguments(directive: ExpandedDirective, words: string, which: 'with-block' | 'without-block'): void {
    this.#edit(directive, (node, nodes) => {
      const [first] = node.args;
      const last = node.args.at(-1);
      if (first === undefined || last === undefined) return [];
      const end = which === 'with-block' ? rangeOf(node).end : endOf(last);
      const range = { start: startOf(first), end };
      const kept = nodes.commentsWithin(range.start, range.end);
      const edit: TextEdit = { file: nodes.file, range, text: words };
      if (kept.length === 0) return [edit];
      const indent = nodes.indentAt(startOf(node.name));
      const text = kept.map((comment) => `${comment}${nodes.lineEnd}${indent}`).join('');
      const start = startOf(node.name);
      return [{ file: nodes.file, range: { start, end: start }, text }, edit];
    });
  }

  /** The first change of a directive counts: one that is written once may be met in several places. */
  #edit(directive: ExpandedDirective, change: (node: DirectiveNode, nodes: TextNodes) => readonly TextEdit[]): void {
    const { file, range } = directive.origin;
    const nodes = this.#texts.get(file) ?? new TextNodes(file);
    this.#texts.set(file, nodes);
    const key = `${file.path}:${range.start}`;
    const node = nodes.directiveAt(range.start);
    if (node !== undefined && !this.#edits.has(key)) this.#edits.set(key, change(node, nodes));
  }
}

/** One text with its directives and comments by their places. */
class TextNodes {
  readonly file: SourceFile;
  readonly #directives = new Map<number, DirectiveNode>();
  readonly #comments: readonly Token[];

  constructor(file: SourceFile) {
    this.file = file;
    const { items, comments } = parse(file.text);
    this.#comments = comments.filter(({ image }) => image.startsWith('#'));
    this.#index(items);
  }

  directiveAt(offset: number): DirectiveNode | undefined {
    return this.#directives.get(offset);
  }

  commentsWithin(start: number, end: number): readonly string[] {
    const found: string[] = [];
    for (let at = this.#firstCommentFrom(start); at < this.#comments.length; at += 1) {
      const comment = this.#comments[at];
      if (comment === undefined || startOf(comment) >= end) break;
      found.push(comment.image.replace(/\r$/, ''));
    }
    return found;
  }

  #firstCommentFrom(offset: number): number {
    let [low, high] = [0, this.#comments.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const comment = this.#comments[middle];
      if (comment !== undefined && startOf(comment) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get lineEnd(): string {
    return this.file.text.includes('\r\n') ? '\r\n' : '\n';
  }

  /** White space before a directive that begins its line; empty when something else stands there. */
  indentAt(offset: number): string {
    const before = this.file.text.slice(this.lineStart(offset), offset);
    return before.trim() === '' ? before : '';
  }

  lineStart(offset: number): number {
    return this.file.lineStarts[lineIndexAt(this.file, offset)] ?? 0;
  }

  /** After the line feed, or the end of the text. */
  lineStop(offset: number): number {
    return this.file.lineStarts[lineIndexAt(this.file, offset) + 1] ?? this.file.text.length;
  }

  isBlankLine(offset: number): boolean {
    return this.file.text.slice(this.lineStart(offset), this.lineStop(offset)).trim() === '';
  }

  #index(items: readonly Item[]): void {
    for (const item of items) {
      if (item.kind === 'stray') continue;
      this.#directives.set(startOf(item.name), item);
      const blocks = item.parts?.flatMap((part) => (part.kind === 'block' ? [part.block] : [])) ?? [item.block];
      for (const block of blocks) if (block !== null) this.#index(block.items);
    }
  }
}

function removal(node: DirectiveNode, nodes: TextNodes): TextEdit {
  const { file } = nodes;
  const { start, end } = rangeOf(node);
  const lineStart = nodes.lineStart(start);
  const stop = nodes.lineStop(end);
  const rest = file.text.slice(end, stop).trim();
  const ownsLines = file.text.slice(lineStart, start).trim() === '' && (rest === '' || rest.startsWith('#'));
  if (!ownsLines) return { file, range: { start, end }, text: keptInline(node, nodes) };
  const indent = file.text.slice(lineStart, start);
  const kept = nodes.commentsWithin(start, stop);
  if (kept.length > 0) {
    const text = kept.map((comment) => `${indent}${comment}${nodes.lineEnd}`).join('');
    return { file, range: { start: lineStart, end: stop }, text };
  }
  // One of two empty lines goes along.
  const precededByBlank = lineStart === 0 || nodes.isBlankLine(lineStart - 1);
  if (precededByBlank && stop < file.text.length && nodes.isBlankLine(stop)) {
    return { file, range: { start: lineStart, end: nodes.lineStop(stop) }, text: '' };
  }
  const isLast = stop === file.text.length && lineStart > 0 && precededByBlank;
  return { file, range: { start: isLast ? nodes.lineStart(lineStart - 1) : lineStart, end: stop }, text: '' };
}

/** Something else stands on the line: comments inside come to the end of lines of their own. */
function keptInline(node: DirectiveNode, nodes: TextNodes): string {
  const { start, end } = rangeOf(node);
  return nodes
    .commentsWithin(start, end)
    .map((comment) => `${comment}${nodes.lineEnd}`)
    .join('');
}

/** Comments of the block, then the lines. */
function blockBody(node: DirectiveNode, nodes: TextNodes, lines: readonly string[]): TextEdit {
  const { file, lineEnd } = nodes;
  const indent = nodes.indentAt(startOf(node.name));
  const { block } = node;
  const body = (comments: readonly string[], inner: string): string =>
    `${lineEnd}${[...comments, ...lines].map((line) => `${inner}${line}${lineEnd}`).join('')}${indent}`;
  if (block === null) {
    const { end } = rangeOf(node);
    return { file, range: { start: end, end }, text: ` {${body([], `${indent}    `)}}` };
  }
  const range = { start: endOf(block.open), end: startOf(block.close) };
  const first = block.items[0];
  const firstAt = first === undefined ? null : rangeOf(first).start;
  const inner = firstAt === null ? '' : nodes.indentAt(firstAt);
  return {
    file,
    range,
    text: body(nodes.commentsWithin(range.start, range.end), inner.length > indent.length ? inner : `${indent}    `),
  };
}

const rangeOfToken = (token: Token): TextEdit['range'] => ({ start: startOf(token), end: endOf(token) });

/** What begins inside of something wider is left out. */
function outermost(edits: readonly TextEdit[]): readonly TextEdit[] {
  let end = 0;
  return edits
    .toSorted((a, b) => a.range.start - b.range.start || b.range.end - a.range.end)
    .filter(({ range }) => {
      if (range.start < end) return false;
      end = range.end;
      return true;
    });
}
