import type { Range } from '../../grammar/range.ts';
import { endOf, isQuoted, startOf } from '../../grammar/tokens.ts';
import { rangeOf } from '../../grammar/tree.ts';
import { blocksOf } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';
import { macroAt } from './name-at.ts';
import { placeAt } from './place.ts';

/** What a selection at the offset grows to, step by step, the smallest first; each holds the one before. */
export function selectionsAt(document: EditorDocument, offset: number): readonly Range[] {
  const { ancestors, slot } = placeAt(document, offset);
  const ranges: Range[] = [];
  const add = ({ start, end }: Range): void => {
    const last = ranges.at(-1);
    const isWider =
      last === undefined || (start <= last.start && end >= last.end && end - start > last.end - last.start);
    if (start <= offset && offset <= end && isWider) ranges.push({ start, end });
  };
  if (slot.kind === 'name' || slot.kind === 'argument') {
    const { token, node } = slot;
    if (token !== null) {
      const macro = macroAt(token, offset);
      if (macro !== null) add(macro.range);
      if (isQuoted(token) && token.image.length > 1) add({ start: startOf(token) + 1, end: endOf(token) - 1 });
      add({ start: startOf(token), end: endOf(token) });
    }
    const [first] = node?.args ?? [];
    const last = node?.args.at(-1);
    if (first !== undefined && last !== undefined) add({ start: startOf(first), end: endOf(last) });
    if (node !== null) add(rangeOf(node));
  }
  for (const ancestor of ancestors.toReversed()) {
    for (const { open, close } of blocksOf(ancestor)) add({ start: endOf(open), end: startOf(close) });
    add(rangeOf(ancestor));
  }
  add({ start: 0, end: document.file.text.length });
  return ranges;
}
