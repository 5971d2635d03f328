import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyHeader, parseHeader } from '../../../runtime/message/header.ts';
import { writeField } from '../../../runtime/message/header-write.ts';
import type { MessageHeader } from '../../../runtime/module.ts';
import { transcripts } from '../../kit/transcripts.ts';

function header(text: string): MessageHeader {
  const parsed = parseHeader(Buffer.from(text));
  if ('fault' in parsed) throw new Error(parsed.fault);
  return parsed;
}

describe('fields that are added', () => {
  test.each(transcripts.units.header_write)('$key is written as recorded', ({ key, value, written }) => {
    expect(writeField(key, value)?.toString() ?? '').toBe(written);
  });

  test('whatever the value, the field stays one field, and its value can be read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (value) => {
        const added = emptyHeader();
        added.prepend('X-Test', value);
        const text = added.bytes().toString();
        expect(text).toMatch(/^X-Test: (?:[^\r\n]*\r\n[ \t])*[^\r\n]*\r\n$/);
        for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998 + 4);
      }),
    );
  });

  test('they stand above everything, the last one first', () => {
    const message = header('A: 1\r\n');
    message.prepend('B', '2');
    message.prependRaw(Buffer.from('c: 3\r\n 4\r\n'));
    expect(message.bytes().toString()).toBe('c: 3\r\n 4\r\nB: 2\r\nA: 1\r\n');
    expect(message.get('C')).toBe('3 4');
    expect(message.fields().map((field) => field.name)).toEqual(['c', 'b', 'a']);
  });
});

describe('fields as received', () => {
  test('stay byte for byte', () => {
    const text = 'subJECT :  spaced\r\n\tfolded \r\n very\r\nX-Empty:\r\nA: 1\r\na: é\r\n';
    const message = header(text);
    expect(message.bytes().toString()).toBe(text);
    expect(message.get('Subject')).toBe('spaced folded very');
    expect(message.get('x-empty')).toBe('');
    expect(message.getAll('A')).toEqual(['1', 'é']);
    expect(message.get('B')).toBeNull();
  });

  test('but get CRLF, lose bare CR and fields without a name (D23)', () => {
    expect(header('A: 1\n B\r\n: none\r\n more\nC: x\ry').bytes().toString()).toBe('A: 1\r\n B\r\nC: x y\r\n');
  });

  test.each([
    [' A: 1\r\n', 'starts with a blank', 1],
    ['\tA: 1\r\n', 'starts with a blank', 1],
    ['A: 1\r\nno colon\r\n', 'line without a colon', 2],
    ['A: 1\r\n x\r\nno colon\r\n : later\r\n', 'line without a colon', 3],
    ['A B: 1\r\n', 'field name with a forbidden character', 1],
    ['Ä: 1\r\n', 'field name with a forbidden character', 1],
  ])('%j cannot be read', (text, fault, line) => {
    expect(parseHeader(Buffer.from(text))).toEqual({ fault, line });
  });

  test('reading is total, and what was read is read the same again', () => {
    const text = fc.array(fc.constantFrom('A', ':', ' ', '\r\n', '\n', '\r', '\t', 'é', '\0', 'B: c\r\n'), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, (parts) => {
        const parsed = parseHeader(Buffer.from(parts.join('')));
        if ('fault' in parsed) return;
        const again = parseHeader(parsed.bytes());
        expect('fault' in again ? again.fault : again.bytes().toString()).toBe(parsed.bytes().toString());
      }),
    );
  });
});
