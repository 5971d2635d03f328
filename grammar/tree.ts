import type { Range } from './range.ts';
import { endOf, startOf, type Token } from './tokens.ts';

/** A directive as written, with everything on its line that belongs to it. */
export interface DirectiveNode {
  readonly kind: 'directive';
  /** Has an empty image when a `{` stands without a directive before it. */
  readonly name: Token;
  readonly args: readonly Token[];
  /** The block that counts: the last one where a `\` allows for several. */
  readonly block: BlockNode | null;
  /** All that follows the name, in order, where that is more than the arguments and then the block. */
  readonly parts: readonly DirectivePart[] | null;
}

export type DirectivePart =
  | { readonly kind: 'argument' | 'mark'; readonly token: Token }
  | { readonly kind: 'block'; readonly block: BlockNode };

export interface BlockNode {
  readonly kind: 'block';
  readonly open: Token;
  readonly items: readonly Item[];
  /** Has an empty image when it is missing in the text. */
  readonly close: Token;
}

/** A `}` that closes nothing. */
export interface StrayNode {
  readonly kind: 'stray';
  readonly token: Token;
}

export type Item = DirectiveNode | StrayNode;

/** Every token of the tree in the order of the text. */
export function visitTokens(items: readonly Item[], visit: (token: Token) => void): void {
  for (const item of items) {
    if (item.kind === 'stray') visit(item.token);
    else visitDirective(item, visit);
  }
}

function visitDirective(node: DirectiveNode, visit: (token: Token) => void): void {
  visit(node.name);
  if (node.parts === null) {
    node.args.forEach(visit);
    if (node.block !== null) visitBlock(node.block, visit);
    return;
  }
  for (const part of node.parts) {
    if (part.kind === 'block') visitBlock(part.block, visit);
    else visit(part.token);
  }
}

function visitBlock(block: BlockNode, visit: (token: Token) => void): void {
  visit(block.open);
  visitTokens(block.items, visit);
  visit(block.close);
}

/** From the name to the last token. */
export function rangeOf(item: Item): Range {
  if (item.kind === 'stray') return { start: startOf(item.token), end: endOf(item.token) };
  return { start: startOf(item.name), end: endOfDirective(item) };
}

function endOfDirective(node: DirectiveNode): number {
  const last = node.parts?.at(-1);
  if (last?.kind === 'block') return endOf(last.block.close);
  if (last !== undefined) return endOf(last.token);
  if (node.block !== null) return endOf(node.block.close);
  return endOf(node.args.at(-1) ?? node.name);
}

/** The text that the tree stands for: its tokens, and what lies between them in `text`. */
export function printTree(items: readonly Item[], text: string): string {
  const parts: string[] = [];
  let at = 0;
  visitTokens(items, (token) => {
    parts.push(text.slice(at, startOf(token)), token.image);
    at = endOf(token);
  });
  parts.push(text.slice(at));
  return parts.join('');
}
