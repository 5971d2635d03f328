import type { Range } from '../../grammar/range.ts';
import { endOf, startOf, tokenValue } from '../../grammar/tokens.ts';
import { findModule } from '../catalog/catalog.ts';
import type { EditorDocument } from './editor-document.ts';
import { type NamedThing, nameIn } from './occurrences.ts';

/** What stands above a line. */
export type Lens =
  | { readonly kind: 'uses'; readonly range: Range; readonly thing: Exclude<NamedThing, { kind: 'macro' }> }
  /** `endpoint`: as `maddyc route` names it; null where its address is not written out. */
  | { readonly kind: 'route'; readonly range: Range; readonly endpoint: string | null };

/** Of blocks and snippets their uses, of endpoints the way of a message. */
export function findLenses(document: EditorDocument): readonly Lens[] {
  const { blocks, snippets } = document.declarations();
  const lenses: Lens[] = [
    ...blocks.map(
      ({ name, token }): Lens => ({ kind: 'uses', range: nameIn(token, name), thing: { kind: 'block', name } }),
    ),
    ...snippets.map(
      ({ name, token }): Lens => ({ kind: 'uses', range: nameIn(token, name), thing: { kind: 'snippet', name } }),
    ),
  ];
  for (const node of document.tree().items) {
    if (node.kind !== 'directive') continue;
    const module = findModule(tokenValue(node.name));
    if (module?.kind !== 'endpoint' || module.unknown !== 'pipeline') continue;
    const [first] = node.args;
    const address = first === undefined ? null : tokenValue(first);
    const endpoint = address === null || /[${]/.test(address) ? null : `${module.name} ${address}`;
    lenses.push({ kind: 'route', range: { start: startOf(node.name), end: endOf(node.name) }, endpoint });
  }
  return lenses.toSorted((a, b) => a.range.start - b.range.start);
}
