import type { Range } from '../../grammar/range.ts';
import { endOf, startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import { type DirectiveNode, rangeOf } from '../../grammar/tree.ts';
import { findModule } from '../catalog/catalog.ts';
import type { EditorDocument } from './editor-document.ts';
import { nameIn, thingAt } from './occurrences.ts';
import { placeAt } from './place.ts';
import type { Project } from './scopes.ts';

/** Something of the top level that mail, or a question, passes: an endpoint, a named block, a snippet. */
export interface FlowItem {
  readonly kind: 'endpoint' | 'block' | 'snippet';
  readonly name: string;
  /** What it is: its module, its addresses. */
  readonly detail: string;
  readonly document: EditorDocument;
  readonly range: Range;
  readonly nameRange: Range;
}

export interface FlowCall {
  readonly item: FlowItem;
  /** Where the one that calls names the other. */
  readonly places: readonly Range[];
}

/** The item that is declared or named at the offset. */
export function flowItemsAt(project: Project, document: EditorDocument, offset: number): readonly FlowItem[] {
  const found = thingAt(project, document, offset);
  if (found !== null && found.thing.kind !== 'macro') {
    const { kind, name } = found.thing;
    return allItems(project).filter((item) => item.kind === kind && item.name === name);
  }
  const { ancestors, slot } = placeAt(document, offset);
  const top = ancestors[0] ?? (slot.kind === 'name' || slot.kind === 'argument' ? slot.node : null);
  return top === null ? [] : itemsOf(top, document);
}

/** The item again, in the texts as they are now. */
export function findFlowItem(project: Project, kind: string, name: string, start: number): FlowItem | null {
  const alike = allItems(project).filter((item) => item.kind === kind && item.name === name);
  return alike.find(({ range }) => range.start === start) ?? alike[0] ?? null;
}

/** Whom it delivers to, or asks. */
export function callsFrom(project: Project, { document, range }: FlowItem): readonly FlowCall[] {
  const items = allItems(project);
  const named = Map.groupBy(namesIn(document, range), ({ kind, name }) => `${kind} ${name}`);
  return [...named].flatMap(([key, uses]) =>
    items
      .filter((item) => `${item.kind} ${item.name}` === key)
      .map((item) => ({ item, places: uses.map(({ range: place }) => place) })),
  );
}

/** Who delivers to it, or asks it. */
export function callsTo(project: Project, item: FlowItem): readonly FlowCall[] {
  return allItems(project).flatMap((caller) => {
    const places = namesIn(caller.document, caller.range)
      .filter(({ kind, name }) => kind === item.kind && name === item.name)
      .map(({ range }) => range);
    return places.length === 0 ? [] : [{ item: caller, places }];
  });
}

interface Use {
  readonly kind: 'block' | 'snippet';
  readonly name: string;
  readonly range: Range;
}

function namesIn(document: EditorDocument, within: Range): readonly Use[] {
  const { references, imports } = document.declarations();
  const isInside = (token: Token): boolean => startOf(token) >= within.start && endOf(token) <= within.end;
  return [
    ...references.map(({ token }) => ({ kind: 'block' as const, name: tokenValue(token).slice(1), token })),
    ...imports.map(({ token, name }) => ({ kind: 'snippet' as const, name, token })),
  ]
    .filter(({ token }) => isInside(token))
    .map(({ kind, name, token }) => ({ kind, name, range: nameIn(token, name) }));
}

function allItems({ documents }: Project): readonly FlowItem[] {
  return documents.flatMap((document) =>
    document.tree().items.flatMap((node) => (node.kind === 'directive' ? itemsOf(node, document) : [])),
  );
}

/** A block with several names is one item for each. */
function itemsOf(node: DirectiveNode, document: EditorDocument): readonly FlowItem[] {
  const word = tokenValue(node.name);
  const range = rangeOf(node);
  const module = findModule(word);
  if (module?.kind === 'endpoint') {
    const detail = node.args.map(tokenValue).join(' ');
    const nameRange = { start: startOf(node.name), end: endOf(node.name) };
    return [{ kind: 'endpoint', name: word, detail, document, range, nameRange }];
  }
  const { blocks, snippets } = document.declarations();
  const own = (each: { readonly node: DirectiveNode }): boolean => each.node === node;
  return [
    ...blocks.filter(own).map(({ name, token }) => ({ kind: 'block' as const, name, detail: word, token })),
    ...snippets.filter(own).map(({ name, token }) => ({ kind: 'snippet' as const, name, detail: 'snippet', token })),
  ].map(({ token, ...item }) => ({ ...item, document, range, nameRange: nameIn(token, item.name) }));
}
