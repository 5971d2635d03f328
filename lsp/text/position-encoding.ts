import { type ClientCapabilities, type Position, PositionEncodingKind, type Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range as OffsetRange } from '../../grammar/range.ts';

/** Turns the client's positions into offsets of a text and back; the only place that knows how the client counts. */
export interface PositionCodec {
  readonly encoding: PositionEncodingKind;
  /** Positions beyond a line's or the text's end mean that end. */
  offsetAt(document: TextDocument, position: Position): number;
  positionAt(document: TextDocument, offset: number): Position;
  /** From the client's range to one that the library for text documents takes (UTF-16 units). */
  toUtf16(document: TextDocument, range: Range): Range;
  rangeOf(document: TextDocument, range: OffsetRange): Range;
}

/** The first encoding that the client offers and we know; UTF-16, which every client knows, when it offers none. */
export function choosePositionEncoding(client: ClientCapabilities): PositionEncodingKind {
  const offered = client.general?.positionEncodings ?? [];
  return offered.find((encoding) => Object.hasOwn(unitsOf, encoding)) ?? PositionEncodingKind.UTF16;
}

export function createPositionCodec(encoding: PositionEncodingKind): PositionCodec {
  const units = unitsOf[encoding] ?? unitsOf[PositionEncodingKind.UTF16] ?? utf16Units;
  const offsetAt = (document: TextDocument, position: Position): number => {
    if (units === utf16Units) return document.offsetAt(position);
    const start = document.offsetAt({ line: position.line, character: 0 });
    const end = document.offsetAt({ line: position.line, character: Number.MAX_SAFE_INTEGER });
    const text = document.getText();
    let at = start;
    for (let left = position.character; at < end; ) {
      const point = text.codePointAt(at) ?? 0;
      left -= units(point);
      if (left < 0) break;
      at += utf16Units(point);
    }
    return at;
  };
  const positionAt = (document: TextDocument, offset: number): Position => {
    const position = document.positionAt(offset);
    if (units === utf16Units) return position;
    const start = document.offsetAt({ line: position.line, character: 0 });
    const text = document.getText();
    let character = 0;
    for (let at = start; at < start + position.character; ) {
      const point = text.codePointAt(at) ?? 0;
      character += units(point);
      at += utf16Units(point);
    }
    return { line: position.line, character };
  };
  return {
    encoding,
    offsetAt,
    positionAt,
    toUtf16: (document, range) =>
      units === utf16Units
        ? range
        : {
            start: document.positionAt(offsetAt(document, range.start)),
            end: document.positionAt(offsetAt(document, range.end)),
          },
    rangeOf: (document, range) => ({ start: positionAt(document, range.start), end: positionAt(document, range.end) }),
  };
}

function utf16Units(codePoint: number): number {
  return codePoint > 0xffff ? 2 : 1;
}

function utf8Units(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

/** How many of the encoding's units a character takes. */
const unitsOf: Readonly<Record<PositionEncodingKind, (codePoint: number) => number>> = {
  [PositionEncodingKind.UTF8]: utf8Units,
  [PositionEncodingKind.UTF16]: utf16Units,
  [PositionEncodingKind.UTF32]: () => 1,
};
