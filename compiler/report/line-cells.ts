import type { Range } from '../../grammar/range.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
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
  const line = rangeOfLine(file, index);
  const part = around === null ? line : near(line, around);
  const cells: Cell[] = [];
  let column = part.start - line.start;
  let masked: Range | null = null;
  let offset = part.start;
  for (const character of file.text.slice(part.start, part.end)) {
    const at = offset;
    const secret = secrets.find((range) => at >= range.start && at < range.end) ?? null;
    const text = secret === null ? shown(character, column) : secret === masked ? '' : mask;
    const width = textWidth(text);
    cells.push({ offset, text, column, width });
    masked = secret;
    column += width;
    offset += character.length;
  }
  cells.push({ offset: line.end, text: '', column: column + line.end - part.end, width: 0 });
  return { cells };
}

function rangeOfLine(file: SourceFile, index: number): Range {
  const start = file.lineStarts[index] ?? 0;
  const next = file.lineStarts[index + 1];
  return { start, end: next === undefined ? file.text.length : next - 1 };
}

function near({ start, end }: Range, around: number): Range {
  const from = Math.min(Math.max(start, around - reach), end);
  return { start: from, end: Math.min(Math.max(from, around + reach), end) };
}

interface ShownLine {
  readonly file: SourceFile;
  readonly part: Range;
  readonly line: LineCells;
}

/** Lines that one finding shows, and those of the next that are the same. */
const mostRecent = 8;

/** Lines as they are shown in one report: findings that stand side by side show the same ones. */
export class ShownLines {
  readonly #secrets: readonly Place[];
  readonly #recent: ShownLine[] = [];

  constructor(secrets: readonly Place[]) {
    this.#secrets = secrets;
  }

  /** As `lineCells`. */
  line(file: SourceFile, index: number, around: number): LineCells {
    const part = near(rangeOfLine(file, index), around);
    const known = this.#recent.find((each) => each.file === file && isSame(each.part, part));
    if (known !== undefined) return known.line;
    const secrets = this.#secrets.filter((secret) => secret.file === file).map(({ range }) => range);
    const line = lineCells(file, index, secrets, around);
    this.#recent.push({ file, part, line });
    if (this.#recent.length > mostRecent) this.#recent.shift();
    return line;
  }
}

function isSame(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end;
}

function shown(character: string, column: number): string {
  if (character === '\t') return ' '.repeat(tabStop - (column % tabStop));
  return character === '\r' ? '' : visible(character);
}

/** Columns that a range of the file covers in this line; at least one. */
export function columnsOf({ cells }: LineCells, range: Range): { readonly from: number; readonly to: number } {
  const last = cells.at(-1);
  const first = cells[firstFrom(cells, 'offset', range.start)] ?? last;
  const from = first?.column ?? 0;
  const after = cells[firstFrom(cells, 'offset', range.end)];
  return { from, to: Math.max(after?.column ?? last?.column ?? from, from + 1) };
}

/** The part of a line between two columns; what is cut off is marked. */
export function clip({ cells }: LineCells, from: number, to: number, ellipsis: string): string {
  const near = cells.slice(firstFrom(cells, 'column', from), firstFrom(cells, 'column', to + 1));
  const inside = near.filter((cell) => cell.column + cell.width <= to);
  const text = inside.map((cell) => cell.text).join('');
  const width = cells.at(-1)?.column ?? 0;
  return `${from > 0 ? ellipsis : ''}${text}${width > to ? ellipsis : ''}`;
}

/** Index of the first cell that begins there or behind; both grow along the line. */
function firstFrom(cells: readonly Cell[], what: 'offset' | 'column', least: number): number {
  let low = 0;
  let high = cells.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cells[middle]?.[what] ?? least) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
