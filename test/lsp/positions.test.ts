import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createSourceFile } from '../../compiler/source/source-file.ts';
import { choosePositionEncoding, createPositionCodec } from '../../lsp/text/position-encoding.ts';
import { SourcePositions } from '../../lsp/text/source-positions.ts';

const encodings = ['utf-8', 'utf-16', 'utf-32'] as const;
const text = 'a é€😀b\r\n😀😀\n';
const document = TextDocument.create('', 'maddy', 1, text);

describe('positions', () => {
  it.each([
    ['utf-8', 11],
    ['utf-16', 6],
    ['utf-32', 5],
  ])('are counted in %s', (encoding, character) => {
    const codec = createPositionCodec(encoding);
    const offset = text.indexOf('b');
    expect(codec.positionAt(document, offset)).toEqual({ line: 0, character });
    expect(codec.offsetAt(document, { line: 0, character })).toBe(offset);
  });

  it('beyond the end of a line mean its end', () => {
    for (const encoding of encodings) {
      const codec = createPositionCodec(encoding);
      expect(codec.offsetAt(document, { line: 0, character: 1000 })).toBe(text.indexOf('\r'));
      expect(codec.offsetAt(document, { line: 1000, character: 0 })).toBe(text.length);
    }
  });

  it('inside of a character mean its start', () => {
    const codec = createPositionCodec('utf-8');
    expect(codec.offsetAt(document, { line: 1, character: 2 })).toBe(text.indexOf('\n') + 1);
  });

  it('lead back to the offset that they are made from', () => {
    const piece = fc.constantFrom('a', 'é', '€', '😀', '\n', '\r\n', ' ');
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom(...encodings), fc.nat(), (pieces, encoding, at) => {
        const made = TextDocument.create('', 'maddy', 1, pieces.join(''));
        const offset = pieces.slice(0, at % (pieces.length + 1)).join('').length;
        const codec = createPositionCodec(encoding);
        expect(codec.offsetAt(made, codec.positionAt(made, offset))).toBe(offset);
      }),
    );
  });

  it('in a text that was judged are those in the text that is open', () => {
    const piece = fc.constantFrom('a', 'é', '😀', '\n', '\r\n', '\r', ' ');
    const pieces = fc.oneof(fc.array(piece), fc.array(fc.constantFrom('a', '😀', '\n')));
    fc.assert(
      fc.property(pieces, fc.constantFrom(...encodings), fc.nat(40), fc.nat(40), (parts, encoding, one, other) => {
        const codec = createPositionCodec(encoding);
        const file = createSourceFile('maddy.conf', parts.join(''));
        const range = { start: Math.min(one, other), end: Math.max(one, other) };
        const made = TextDocument.create('', 'maddy', 1, file.text);
        expect(new SourcePositions(codec).rangeOf(file, range)).toEqual(codec.rangeOf(made, range));
      }),
    );
  });

  it('are in the first encoding that both sides know', () => {
    const offered = (...positionEncodings: string[]) => choosePositionEncoding({ general: { positionEncodings } });
    expect(offered('utf-7', 'utf-8', 'utf-16')).toBe('utf-8');
    expect(offered('utf-7')).toBe('utf-16');
    expect(choosePositionEncoding({})).toBe('utf-16');
  });
});
