import type { Range } from '../../grammar/range.ts';
import type { SourceFile } from '../source/source-file.ts';
import { textWidth, visible } from './display-width.ts';

/** One line of a source text, cut into what is shown for each of its characters. */
export interface LineCells {
  readonly cells: readonly Cell[];
}

export interface Cell {
  /** Offset of the character in the file. */
  readonly offset: number;
  readonly text: string;
  /** Column where it begins, from 0. */
  readonly column: number;
  readonly width: number;
}

const tabStop = 4;
const mask = '\u2022\u2022\u2022\u2022\u2022\u2022';

/** Characters before and behind a place that are looked at: no terminal shows as many. */
const reach = 4000;

/**
 * `index` from 0. Places in `secrets` are shown as a mask of fixed length. Of a line that is very long only what is near the
 * offset `around` has cells, unless that is null; the rest counts a column for each character.
 */
export function lineCells(
  file: SourceFile,
  index: number,
  secrets: readonly Range[],
  around: number | null = null,
): LineCells {
  const start = file.lineStarts[index] ?? 0;
  const next = file.lineStarts[index + 1];
  const end = next === undefined ? file.text.length : next - 1;
  const from = Math.min(Math.max(start, around === null ? start : around - reach), end);
  const to = Math.min(Math.max(from, around === null ? end : around + reach), end);
  const cells: Cell[] = [];
  let column = from - start;
  let masked: Range | null = null;
  let offset = from;
  for (const character of file.text.slice(from, to)) {
    const at = offset;
    const secret = secrets.find((range) => at >= range.start && at < range.end) ?? null;
    const text = secret === null ? shown(character, column) : secret === masked ? '' : mask;
    const width = textWidth(text);
    cells.push({ offset, text, column, width });
    masked = secret;
    column += width;
    offset += character.length;
  }
  cells.push({ offset: end, text: '', column: column + end - to, width: 0 });
  return { cells };
}

function shown(character: string, column: number): string {
  if (character === '\t') return ' '.repeat(tabStop - (column % tabStop));
  return character === '\r' ? '' : visible(character);
}

/** Columns that a range of the file covers in this line; at least one. */
export function columnsOf({ cells }: LineCells, range: Range): { readonly from: number; readonly to: number } {
  const last = cells.at(-1);
  const first = cells.find((cell) => cell.offset >= range.start) ?? last;
  const from = first?.column ?? 0;
  const after = cells.find((cell) => cell.offset >= range.end);
  return { from, to: Math.max(after?.column ?? last?.column ?? from, from + 1) };
}

/** The part of a line between two columns; what is cut off is marked. */
export function clip({ cells }: LineCells, from: number, to: number, ellipsis: string): string {
  const inside = cells.filter((cell) => cell.column >= from && cell.column + cell.width <= to);
  const text = inside.map((cell) => cell.text).join('');
  const width = cells.at(-1)?.column ?? 0;
  return `${from > 0 ? ellipsis : ''}${text}${width > to ? ellipsis : ''}`;
}
