import type { Location, Position, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { SourceFile } from '../../compiler/source/source-file.ts';
import type { Range as OffsetRange } from '../../grammar/range.ts';
import type { PositionCodec } from './position-encoding.ts';

/** Positions in the texts that the compiler read. Lines of the protocol also end at a lone CR, so its own count is not used. */
export class SourcePositions {
  readonly #codec: PositionCodec;
  readonly #documents = new WeakMap<SourceFile, TextDocument>();

  constructor(codec: PositionCodec) {
    this.#codec = codec;
  }

  offsetAt(file: SourceFile, position: Position): number {
    return this.#codec.offsetAt(this.#documentOf(file), position);
  }

  rangeOf(file: SourceFile, range: OffsetRange): Range {
    return this.#codec.rangeOf(this.#documentOf(file), range);
  }

  locationOf(uri: string, file: SourceFile, range: OffsetRange): Location {
    return { uri, range: this.rangeOf(file, range) };
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
