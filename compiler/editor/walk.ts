import type { DirectiveNode, Item } from '../../grammar/tree.ts';
import { blocksOf } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';
import { type Meaning, meaningOf, type Scope, scopeInside } from './meaning.ts';
import { type Project, scopeAt } from './scopes.ts';

export interface MetDirective {
  readonly node: DirectiveNode;
  /** Null where its surroundings are not understood. */
  readonly meaning: Meaning | null;
  /** The top-level directive that it is, or stands in. */
  readonly top: DirectiveNode;
}

/** Every directive of a text with what it means, in the order of the text; `visit` may refuse to look inside by `false`. */
export function walkDirectives(
  project: Project,
  document: EditorDocument,
  // biome-ignore lint/suspicious/noConfusingVoidType: most visitors have nothing to refuse
  visit: (met: MetDirective) => boolean | void,
): void {
  const walk = (items: readonly Item[], scope: Scope | null, top: DirectiveNode | null): void => {
    for (const node of items) {
      if (node.kind !== 'directive') continue;
      const meaning = scope === null ? null : meaningOf(node, scope, document.dialect);
      if (visit({ node, meaning, top: top ?? node }) === false) continue;
      const blocks = blocksOf(node);
      if (blocks.length === 0) continue;
      const inside =
        meaning === null
          ? null
          : meaning.kind === 'snippet'
            ? scopeAt(project, document, [node])
            : scopeInside(meaning);
      for (const block of blocks) walk(block.items, inside, top ?? node);
    }
  };
  walk(document.tree().items, scopeAt(project, document, []), null);
}
