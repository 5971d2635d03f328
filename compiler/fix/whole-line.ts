import type { Range } from '../../grammar/range.ts';
import { lineIndexAt, type SourceFile } from '../source/source-file.ts';

/** The range with its lines, when nothing else stands on them: what is left by a removal must not be an empty line. */
export function wholeLine(file: SourceFile, range: Range): Range {
  const first = file.lineStarts[lineIndexAt(file, range.start)] ?? 0;
  const next = file.lineStarts[lineIndexAt(file, range.end) + 1] ?? file.text.length;
  const isAlone = (file.text.slice(first, range.start) + file.text.slice(range.end, next)).trim() === '';
  if (isAlone) return { start: first, end: next };
  const before = file.text.slice(first, range.start);
  return { start: range.start - (before.length - before.trimEnd().length), end: range.end };
}
