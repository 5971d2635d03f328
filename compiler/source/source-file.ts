/** Position as people and reports count it: line and column from 1, column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One text that took part in a compilation, and the means to turn offsets into lines. */
export interface SourceFile {
  /** Path as maddy names it in its messages: the main file as given, imports joined to their importer's directory. */
  readonly path: string;
  /** Decoded text without any change of length: offsets in it are the ones that ranges use. */
  readonly text: string;
  /** Offset of the first character of each line; lines end at LF only, as in maddy. */
  readonly lineStarts: readonly number[];
}

export function createSourceFile(path: string, text: string): SourceFile {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return { path, text, lineStarts };
}

/** Line index (from 0) that holds `offset`. */
export function lineIndexAt(file: SourceFile, offset: number): number {
  const { lineStarts } = file;
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function positionAt(file: SourceFile, offset: number): Position {
  const line = lineIndexAt(file, offset);
  return { line: line + 1, column: offset - (file.lineStarts[line] ?? 0) + 1 };
}
