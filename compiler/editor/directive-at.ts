import type { Range } from '../../grammar/range.ts';
import { startOf } from '../../grammar/tokens.ts';
import { rangeOf } from '../../grammar/tree.ts';
import type { EditorDocument } from './editor-document.ts';
import { placeAt } from './place.ts';

/** The whole of the directive whose name begins at the offset; null when none does. */
export function directiveAt(document: EditorDocument, offset: number): Range | null {
  const { slot } = placeAt(document, offset);
  return slot.kind === 'name' && slot.node !== null && startOf(slot.node.name) === offset ? rangeOf(slot.node) : null;
}
