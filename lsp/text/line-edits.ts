import type { Range } from '../../grammar/range.ts';

export interface LineEdit {
  readonly range: Range;
  readonly text: string;
}

/**
 * Edits, line by line, that turn a text into its formatted form, in which words keep their order: lines that stay are not
 * touched, so that cursors, folds and marks in them stay too.
 */
export function lineEdits(before: string, after: string): readonly LineEdit[] {
  if (before === after) return [];
  const old = linesOf(before);
  const wanted = linesOf(after);
  const edits: LineEdit[] = [];
  let at = 0;
  let from = 0;
  let to = 0;
  for (; from < old.length || to < wanted.length; ) {
    const line = old[from];
    const next = wanted[to];
    if (line !== undefined && next !== undefined && (line === next || isAlike(line, next))) {
      if (line !== next) edits.push({ range: { start: at, end: at + line.length }, text: next });
      from += 1;
      to += 1;
      at += line.length;
    } else if (line !== undefined && line.trim() === '') {
      edits.push({ range: { start: at, end: at + line.length }, text: '' });
      from += 1;
      at += line.length;
    } else if (next !== undefined && next.trim() === '') {
      edits.push({ range: { start: at, end: at }, text: next });
      to += 1;
    } else {
      // Lines were joined or split: what follows is exchanged as a whole.
      edits.push({ range: { start: at, end: before.length }, text: wanted.slice(to).join('') });
      break;
    }
  }
  return edits;
}

/** With their ends. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Equal but for white space and quotes: mostly, for how far they are indented. */
const isAlike = (a: string, b: string): boolean =>
  a.trimStart() === b.trimStart() || a.replace(/[\s"]+/g, '') === b.replace(/[\s"]+/g, '');

/** More edits than that are slow to write, to read and to apply, and nobody follows them with a cursor. */
const MOST_SINGLE = 1000;

/** Edits in the order of the text: where there are very many, one for lines that follow each other. */
export function joinNeighbours(edits: readonly LineEdit[]): readonly LineEdit[] {
  if (edits.length <= MOST_SINGLE) return edits;
  const joined: { readonly start: number; end: number; text: string }[] = [];
  for (const { range, text } of edits) {
    const last = joined.at(-1);
    if (last?.end === range.start) {
      last.end = range.end;
      last.text += text;
    } else joined.push({ ...range, text });
  }
  return joined.map(({ start, end, text }) => ({ range: { start, end }, text }));
}
