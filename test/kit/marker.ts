import type { Range } from '../../grammar/range.ts';

export interface Marked {
  /** Without the markers. */
  readonly text: string;
  /** Offsets of `<|>`, in order. */
  readonly cursors: readonly number[];
  /** Offsets of what stands in `<|…|>`, in order. */
  readonly ranges: readonly Range[];
}

/** Takes cursors (`<|>`) and ranges (`<|like this|>`) out of a text. */
export function readMarkers(marked: string): Marked {
  const cursors: number[] = [];
  const ranges: Range[] = [];
  let start: number | null = null;
  let text = '';
  for (const part of marked.split(/(<\|>|<\||\|>)/)) {
    if (part === '<|>') cursors.push(text.length);
    else if (part === '<|') start = text.length;
    else if (part === '|>' && start !== null) {
      ranges.push({ start, end: text.length });
      start = null;
    } else text += part;
  }
  return { text, cursors, ranges };
}

/** The text and its only cursor. */
export function readCursor(marked: string): { readonly text: string; readonly offset: number } {
  const { text, cursors } = readMarkers(marked);
  const [offset] = cursors;
  if (offset === undefined || cursors.length > 1)
    throw new Error(`not exactly one cursor in ${JSON.stringify(marked)}`);
  return { text, offset };
}
