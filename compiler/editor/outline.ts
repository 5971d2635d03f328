import type { Range } from '../../grammar/range.ts';
import { endOf, startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import { type DirectiveNode, type Item, rangeOf } from '../../grammar/tree.ts';
import { findPipelineDirective } from '../catalog/pipeline.ts';
import { blocksOf } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { type Project, scopeAt } from './scopes.ts';

export interface OutlineEntry {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'macro' | 'snippet' | 'endpoint' | 'block' | 'import' | 'rule' | 'setting';
  readonly range: Range;
  readonly nameRange: Range;
  readonly children: readonly OutlineEntry[];
}

/** The text's declarations and blocks as a tree: what has a name or a block of its own. */
export function outline(project: Project, document: EditorDocument): readonly OutlineEntry[] {
  const scope = scopeAt(project, document, []);
  return entries(document.tree().items, (node) => topEntry(node, scope && meaningOf(node, scope, document.dialect)));
}

function entries(items: readonly Item[], make: (node: DirectiveNode) => OutlineEntry | null): OutlineEntry[] {
  return items.flatMap((item) => (item.kind === 'directive' ? (make(item) ?? []) : []));
}

function topEntry(node: DirectiveNode, meaning: Meaning | null): OutlineEntry | null {
  const word = tokenValue(node.name);
  const [first] = node.args;
  switch (meaning?.kind) {
    case 'macro':
      return entry(node, word, argsOf(node, 1), 'macro', node.name);
    case 'snippet':
      return entry(node, word, 'snippet', 'snippet', node.name);
    case 'import':
      return entry(node, word, argsOf(node), 'import', node.name);
    case 'block':
      if (meaning.module.kind === 'endpoint') return entry(node, word, argsOf(node), 'endpoint', node.name);
      return entry(node, first === undefined ? word : tokenValue(first), word, 'block', first ?? node.name);
    case 'setting':
      return entry(node, word, argsOf(node), 'setting', node.name);
    default:
      return innerEntry(node);
  }
}

/** Inside of blocks, what has a block of its own, and what decides where mail goes. */
function innerEntry(node: DirectiveNode): OutlineEntry | null {
  const word = tokenValue(node.name);
  if (node.block === null && findPipelineDirective(word)?.handles !== true) return null;
  return entry(node, word, argsOf(node), 'rule', node.name);
}

function entry(
  node: DirectiveNode,
  name: string,
  detail: string,
  kind: OutlineEntry['kind'],
  named: Token,
): OutlineEntry {
  return {
    // Editors refuse entries without a name.
    name: name === '' ? '""' : name,
    detail,
    kind,
    range: rangeOf(node),
    nameRange: { start: startOf(named), end: endOf(named) },
    children: blocksOf(node).flatMap(({ items }) => entries(items, innerEntry)),
  };
}

function argsOf(node: DirectiveNode, from = 0): string {
  return node.args.slice(from).map(tokenValue).join(' ');
}
