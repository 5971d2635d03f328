import { endOf, isQuoted, startOf, type Token } from '../../grammar/tokens.ts';
import { type BlockNode, type DirectiveNode, type Item, rangeOf } from '../../grammar/tree.ts';
import { blocksOf } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';

/** Where an offset lies in the text, in the terms of its tree. */
export interface Place {
  /** Directives whose blocks hold the offset, outermost first. */
  readonly ancestors: readonly DirectiveNode[];
  readonly slot: Slot;
}

export type Slot =
  /** On a directive's name, or where one could begin (`node` is null). */
  | { readonly kind: 'name'; readonly node: DirectiveNode | null; readonly token: Token | null }
  /** On an argument, or where one could begin (`token` is null). */
  | { readonly kind: 'argument'; readonly node: DirectiveNode; readonly index: number; readonly token: Token | null }
  | { readonly kind: 'comment' }
  /** After a `}`: nothing may stand there. */
  | { readonly kind: 'nothing' };

export function placeAt(document: EditorDocument, offset: number): Place {
  const { text } = document.file;
  const ancestors: DirectiveNode[] = [];
  let items = document.tree().items;
  for (;;) {
    const node = lastBefore(items, offset);
    const block =
      node?.kind === 'directive' ? blocksOf(node).find((each) => holds(each, node, offset, text)) : undefined;
    if (node?.kind !== 'directive' || block === undefined) {
      return { ancestors, slot: node === undefined ? freeSlot(text, 0, offset) : slotAt(node, offset, text) };
    }
    const next = lastBefore(block.items, offset);
    ancestors.push(node);
    if (next === undefined) return { ancestors, slot: freeSlot(text, endOf(block.open), offset) };
    items = block.items;
  }
}

/** The last item that starts at the offset or before. */
function lastBefore(items: readonly Item[], offset: number): Item | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && startOfItem(item) <= offset) low = middle + 1;
    else high = middle;
  }
  return items[low - 1];
}

const startOfItem = (item: Item): number => startOf(item.kind === 'stray' ? item.token : item.name);

function holds(block: BlockNode, node: DirectiveNode, offset: number, text: string): boolean {
  const { open, close } = block;
  // Right behind a `{` a character would make it a word; there the block has not begun.
  if (offset <= endOf(open) && open.image !== '') return false;
  if (offset <= startOf(close)) return true;
  // The end is missing: lines that stand deeper than the directive are meant for the block.
  return close.image === '' && offset >= startOf(close) && indentAt(text, offset) > indentAt(text, startOf(node.name));
}

/** Columns of white space before the first character of the line, at most up to the offset. */
function indentAt(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  let indent = 0;
  for (let at = start; at < offset; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x20) indent += 1;
    else if (code === 0x09) indent += 4;
    else break;
  }
  return indent;
}

function slotAt(item: Item, offset: number, text: string): Slot {
  if (item.kind === 'stray') return afterLine(endOf(item.token), offset, text, { kind: 'nothing' });
  const tokens: readonly Token[] = [item.name, ...item.args];
  const index = tokens.findLastIndex((token) => startOf(token) <= offset);
  const token = tokens[index];
  if (token !== undefined && offset <= endOf(token) && token.image !== '') {
    if (isInWordComment(token, offset)) return { kind: 'comment' };
    return index === 0
      ? { kind: 'name', node: item, token }
      : { kind: 'argument', node: item, index: index - 1, token };
  }
  const end = lastEndBefore(item, offset);
  // On a `{`, or behind a block: nothing can follow.
  const isAfterBlock = blocksOf(item).some(({ open }) => startOf(open) < offset);
  const slot: Slot = isAfterBlock ? { kind: 'nothing' } : { kind: 'argument', node: item, index, token: null };
  const isJoined = item.parts?.some(
    (part) => part.kind === 'mark' && part.token.image === '\\' && endOf(part.token) === end,
  );
  return isJoined ? commentOr(slot, text, end, offset) : afterLine(end, offset, text, slot);
}

/** The slot while the offset is on the line on which the directive ended, else a new one. */
function afterLine(end: number, offset: number, text: string, slot: Slot): Slot {
  return text.slice(end, offset).includes('\n') ? freeSlot(text, end, offset) : commentOr(slot, text, end, offset);
}

function freeSlot(text: string, from: number, offset: number): Slot {
  return commentOr({ kind: 'name', node: null, token: null }, text, from, offset);
}

/** Between tokens there is nothing but white space and comments. */
function commentOr(slot: Slot, text: string, from: number, offset: number): Slot {
  const line = Math.max(from, text.lastIndexOf('\n', offset - 1) + 1);
  return text.slice(line, offset).includes('#') ? { kind: 'comment' } : slot;
}

function isInWordComment(token: Token, offset: number): boolean {
  if (isQuoted(token)) return false;
  const hash = token.image.indexOf('#');
  return hash !== -1 && startOf(token) + hash < offset;
}

/** End of the directive's last token that ends at the offset or before. */
function lastEndBefore(node: DirectiveNode, offset: number): number {
  let end = endOf(node.name);
  const consider = (each: number): void => {
    if (each <= offset && each > end) end = each;
  };
  for (const token of node.args) consider(endOf(token));
  for (const part of node.parts ?? []) if (part.kind !== 'block') consider(endOf(part.token));
  for (const block of blocksOf(node)) {
    consider(endOf(block.open));
    consider(endOf(block.close));
  }
  return Math.min(end, rangeOf(node).end);
}
