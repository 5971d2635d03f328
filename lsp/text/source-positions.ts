import { type Location, type Position, PositionEncodingKind, type Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { lineIndexAt, type SourceFile } from '../../compiler/source/source-file.ts';
import type { Range as OffsetRange } from '../../grammar/range.ts';
import type { PositionCodec } from './position-encoding.ts';

/** Positions in the texts that the compiler read. Lines of the protocol also end at a CR: where there is one they are counted anew. */
export class SourcePositions {
  readonly #codec: PositionCodec;
  readonly #documents = new WeakMap<SourceFile, TextDocument>();
  readonly #hasCarriageReturns = new WeakMap<SourceFile, boolean>();

  constructor(codec: PositionCodec) {
    this.#codec = codec;
  }

  offsetAt(file: SourceFile, position: Position): number {
    return this.#codec.offsetAt(this.#documentOf(file), position);
  }

  rangeOf(file: SourceFile, range: OffsetRange): Range {
    if (this.#codec.encoding !== PositionEncodingKind.UTF16 || this.#holdsCarriageReturn(file)) {
      return this.#codec.rangeOf(this.#documentOf(file), range);
    }
    return { start: positionIn(file, range.start), end: positionIn(file, range.end) };
  }

  /** For many ranges of a text in their order, none of which spans lines: quicker than one by one. */
  ascending(file: SourceFile): (range: OffsetRange) => Range {
    if (this.#codec.encoding !== PositionEncodingKind.UTF16) return (range) => this.rangeOf(file, range);
    // The lines of the protocol, which also end at a lone CR.
    const ends = /\r\n|\n|\r/g;
    let line = 0;
    let start = 0;
    let next = ends.exec(file.text);
    return (range) => {
      while (next !== null && next.index < range.start) {
        line += 1;
        start = ends.lastIndex;
        next = ends.exec(file.text);
      }
      return {
        start: { line, character: range.start - start },
        end: { line, character: range.end - start },
      };
    };
  }

  locationOf(uri: string, file: SourceFile, range: OffsetRange): Location {
    return { uri, range: this.rangeOf(file, range) };
  }

  #holdsCarriageReturn(file: SourceFile): boolean {
    let known = this.#hasCarriageReturns.get(file);
    if (known === undefined) {
      known = file.text.includes('\r');
      this.#hasCarriageReturns.set(file, known);
    }
    return known;
  }

  #documentOf(file: SourceFile): TextDocument {
    let document = this.#documents.get(file);
    if (document === undefined) {
      document = TextDocument.create('', 'maddy', 0, file.text);
      this.#documents.set(file, document);
    }
    return document;
  }
}

function positionIn(file: SourceFile, offset: number): Position {
  const at = Math.max(0, Math.min(offset, file.text.length));
  const line = lineIndexAt(file, at);
  return { line, character: at - (file.lineStarts[line] ?? 0) };
}
