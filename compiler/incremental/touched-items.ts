import type { KeptItem } from './kept-item.ts';
import type { TextChange } from './text-change.ts';

/** The items that a change touches, and the lines that stand in their place now. */
export interface Touched {
  readonly first: number;
  /** Behind the last of them. */
  readonly end: number;
  /** Offsets in the text after the change; from the start of a line to the start of a line or the end of the text. */
  readonly lines: { readonly start: number; readonly end: number };
}

/** `textEnd` and `after` are of the text as it is now. */
export function touchedBy(items: readonly Pick<KeptItem, 'passage'>[], change: TextChange, after: string): Touched {
  const first = indexAt(items, change.start);
  const last = indexAt(items, change.end);
  const isBefore = last > first && startOf(items, last) === change.end && after.charAt(change.newEnd - 1) === '\n';
  const end = isBefore ? last : last + 1;
  const moved = change.newEnd - change.end;
  const lines = {
    start: startOf(items, first) ?? 0,
    end: end < items.length ? (startOf(items, end) ?? 0) + moved : after.length,
  };
  return { first, end, lines };
}

function startOf(items: readonly Pick<KeptItem, 'passage'>[], index: number): number | undefined {
  return items[index]?.passage.start;
}

/** The item that holds the offset. */
function indexAt(items: readonly Pick<KeptItem, 'passage'>[], offset: number): number {
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((startOf(items, middle) ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
