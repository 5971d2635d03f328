import type { Place } from '../diagnostics/diagnostic.ts';
import { lineIndexAt, positionAt } from '../source/source-file.ts';
import { visibleText } from './display-width.ts';
import { clip, columnsOf, type LineCells, type ShownLines } from './line-cells.ts';
import type { Style } from './style.ts';

export interface FrameOptions {
  readonly style: Style;
  /** Width of the terminal. */
  readonly columns: number;
  readonly lines: ShownLines;
}

export interface Frame {
  readonly place: Place;
  readonly label: string | null;
  /** The main place is underlined with `^` and preceded by one line; others are underlined with `-`. */
  readonly isMain: boolean;
}

/** Width of the margin that all frames of one finding share. */
export function marginOf(frames: readonly Frame[]): number {
  const lines = frames.map(({ place }) => positionAt(place.file, place.range.start).line);
  return String(Math.max(0, ...lines)).length;
}

/** Lines of one frame: where, the source line, what is wrong with it. */
export function frameLines(frame: Frame, margin: number, options: FrameOptions): readonly string[] {
  const { place, isMain } = frame;
  const { style, lines } = options;
  const { file, range } = place;
  const { line, column } = positionAt(file, range.start);
  const index = lineIndexAt(file, range.start);
  const room = Math.max(options.columns - margin - 4, 20);
  const window = windowFor(place, lines.line(file, index, range.start), room);
  const source = (at: number): string => {
    const around = at === index ? range.start : (file.lineStarts[at] ?? 0) + window.from;
    return clip(lines.line(file, at, around), window.from, window.to, style.ellipsis).trimEnd();
  };
  const numbered = (at: number, text: string): string => {
    const bar = style.box(`${String(at + 1).padStart(margin)} ${style.bar}`);
    return text === '' ? bar : `${bar} ${text}`;
  };
  const before = isMain && index > 0 ? source(index - 1) : '';
  const previous = before.trim() === '' ? [] : [numbered(index - 1, before)];
  return [
    `${' '.repeat(margin + 1)}${style.box(style.corner)} ${visibleText(file.path)}:${line}:${column}`,
    ...previous,
    numbered(index, source(index)),
    markLine(frame, window, columnsOf(lines.line(file, index, range.start), range), margin, style),
  ];
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** The columns that are shown: all of a line that fits, else the marked part with what is around it. */
function windowFor({ range }: Place, line: LineCells, room: number): Window {
  const width = line.cells.at(-1)?.column ?? 0;
  if (width <= room) return { from: 0, to: room };
  const marked = columnsOf(line, range);
  const from = marked.to <= room - 2 ? 0 : Math.max(0, marked.from - Math.floor(room / 3));
  return { from, to: from + room - 2 };
}

function markLine(frame: Frame, window: Window, { from, to }: Window, margin: number, style: Style): string {
  const start = Math.max(from - window.from, 0) + (window.from > 0 ? 1 : 0);
  const length = Math.max(1, Math.min(to, window.to) - Math.max(from, window.from));
  const mark = frame.isMain ? style.mark : style.note;
  const label = frame.label === null ? '' : ` ${visibleText(frame.label)}`;
  const bar = style.box(`${' '.repeat(margin)} ${style.bar}`);
  return `${bar} ${' '.repeat(start)}${mark(`${(frame.isMain ? '^' : '-').repeat(length)}${label}`)}`;
}
