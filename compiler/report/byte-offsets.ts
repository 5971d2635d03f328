import { byteOffset } from '../../grammar/encoding.ts';
import { positionAt, type SourceFile } from '../source/source-file.ts';

/** Offsets in bytes. Those of the lines of a file are counted once, so that many findings in a large file stay cheap. */
export class ByteOffsets {
  readonly #lines = new Map<SourceFile, readonly number[]>();

  positionAt(
    file: SourceFile,
    offset: number,
  ): { readonly line: number; readonly column: number; readonly offset: number } {
    const { line, column } = positionAt(file, offset);
    const start = offset - column + 1;
    const before = this.#lineOffsets(file)[line - 1] ?? 0;
    return { line, column, offset: before + bytesBetween(file, start, offset) };
  }

  #lineOffsets(file: SourceFile): readonly number[] {
    const known = this.#lines.get(file);
    if (known !== undefined) return known;
    const offsets: number[] = [];
    let bytes = 0;
    let from = 0;
    for (const start of file.lineStarts) {
      bytes += bytesBetween(file, from, start);
      offsets.push(bytes);
      from = start;
    }
    this.#lines.set(file, offsets);
    return offsets;
  }
}

function bytesBetween(file: SourceFile, start: number, end: number): number {
  const part = file.text.slice(start, end);
  return byteOffset(part, part.length);
}
