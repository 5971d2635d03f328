import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { BodyBuffer, type BufferMode, MemoryBudget } from '../../../runtime/message/body-buffer.ts';
import {
  type ChunkTransform,
  LineEndRepair,
  Stuffing,
  transformChunks,
  Unstuffing,
  wireForm,
} from '../../../runtime/message/line-forms.ts';

const directory = mkdtempSync(join(tmpdir(), 'maddyc-body-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom('.', '\r', '\n', '\r\n', '\r\n.', 'a', '..', '\r\n.\r\n').map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  ),
  { maxLength: 30 },
);

function transformed(source: readonly Buffer[], ...transforms: readonly ChunkTransform[]): string {
  return Buffer.concat([...transformChunks(source, ...transforms)]).toString('latin1');
}

describe('line forms', () => {
  test('do not depend on how the bytes were cut', () => {
    const all: readonly (() => ChunkTransform[])[] = [
      () => [new Unstuffing(true)],
      () => [new Unstuffing(false)],
      () => [new LineEndRepair()],
      () => [new LineEndRepair(), new Stuffing()],
    ];
    fc.assert(
      fc.property(pieces, fc.constantFrom(...all), (source, make) => {
        expect(transformed(source, ...make())).toBe(transformed([Buffer.concat(source)], ...make()));
      }),
    );
  });

  test('repaired text has CRLF only, and nothing else has changed', () => {
    fc.assert(
      fc.property(pieces, (source) => {
        const repaired = transformed(source, new LineEndRepair());
        expect(repaired).toMatch(/^(?:[^\r\n]*\r\n)*$/);
        const plain = Buffer.concat(source).toString('latin1');
        const lines = (text: string): string => text.replaceAll('\r\n', '\n').replaceAll('\r', ' ');
        const expected = lines(plain);
        expect(lines(repaired)).toBe(expected === '' || expected.endsWith('\n') ? expected : `${expected}\n`);
      }),
    );
  });

  test('what is stuffed here is unstuffed by any server, and never ends early', () => {
    fc.assert(
      fc.property(pieces, (source) => {
        const repaired = transformed(source, new LineEndRepair());
        const wire = transformed(source, new LineEndRepair(), new Stuffing());
        expect(`\r\n${wire}`.includes('\r\n.\r\n')).toBe(false);
        expect(transformed([Buffer.from(wire, 'latin1')], new Unstuffing(true))).toBe(repaired);
      }),
    );
  });

  test('a body that comes later is treated as one at hand', async () => {
    async function* later(): AsyncIterable<Buffer> {
      for (const text of ['.a\n', '', '.\r', '\n.', 'b\r']) yield Buffer.from(text);
    }
    const sent: Buffer[] = [];
    for await (const chunk of wireForm({ chunks: later })) sent.push(chunk);
    expect(Buffer.concat(sent).toString()).toBe('..a\r\n..\r\n..b \r\n');
  });
});

describe('buffers', () => {
  const modes: readonly BufferMode[] = [
    { kind: 'ram' },
    { kind: 'fs', directory },
    { kind: 'auto', size: 1000, directory },
    { kind: 'auto', size: 1_000_000, directory },
  ];

  test.each(modes)('$kind $size gives back what was put in, as often as asked, and leaves nothing', (mode) => {
    const sizes = fc.array(fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 6000 }), fc.constant(70_000)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(sizes, (lengths) => {
        let kept = 0;
        const budget = new (class extends MemoryBudget {
          override take(bytes: number): void {
            kept += bytes;
          }
          override give(bytes: number): void {
            kept -= bytes;
          }
        })(0);
        const buffer = new BodyBuffer(mode, budget);
        const source = lengths.map((length, index) => Buffer.alloc(length, `${index}-`));
        for (const piece of source) buffer.append(piece);
        const whole = Buffer.concat(source);
        expect(buffer.length).toBe(whole.length);
        expect(Buffer.concat([...buffer.chunks()]).equals(whole)).toBe(true);
        expect(Buffer.concat([...buffer.chunks()]).equals(whole)).toBe(true);
        expect(Buffer.concat(Array.from(buffer.passingChunks(), (piece) => Buffer.from(piece))).equals(whole)).toBe(
          true,
        );
        buffer.discard();
        expect(kept).toBe(0);
        expect(readdirSync(directory)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('many tiny pieces do not become many objects', () => {
    const buffer = new BodyBuffer({ kind: 'ram' }, new MemoryBudget(0));
    for (let i = 0; i < 100_000; i++) buffer.append(Buffer.from('x'));
    expect([...buffer.chunks()].length).toBeLessThan(30);
  });

  test('a budget that is used up sends larger bodies to files', () => {
    const budget = new MemoryBudget(100_000);
    const mode: BufferMode = { kind: 'auto', size: 1_000_000, directory };
    const bodies = [0, 1, 2].map(() => new BodyBuffer(mode, budget));
    for (const body of bodies) body.append(Buffer.alloc(70_000));
    expect(budget.exhausted).toBe(false);
    for (const body of bodies) body.discard();
  });

  test('checks that read at the same time read a file once', () => {
    const buffer = new BodyBuffer({ kind: 'fs', directory }, new MemoryBudget(0));
    for (let at = 0; at < 20; at++) buffer.append(Buffer.alloc(50_000, at));
    const whole = Buffer.concat([...buffer.chunks()]);
    const readers = [buffer.chunks()[Symbol.iterator](), buffer.chunks()[Symbol.iterator]()];
    const read = readers.map((): Buffer[] => []);
    // The second one is up to three blocks behind.
    for (let turn = 0; turn < 40; turn++) {
      for (const [at, reader] of readers.entries()) {
        if (at === 1 && turn < 3) continue;
        const next = reader.next();
        if (!next.done) read[at]?.push(next.value);
      }
    }
    expect(read.map((blocks) => Buffer.concat(blocks).equals(whole))).toEqual([true, true]);
    const [first = [], second = []] = read;
    expect(second.length).toBeGreaterThan(10);
    expect(second.findIndex((block, at) => block !== first[at])).toBe(-1);
    buffer.discard();
  });

  test('who passes over a file needs one block for all of it, beside others who keep theirs', () => {
    const buffer = new BodyBuffer({ kind: 'fs', directory }, new MemoryBudget(0));
    for (let at = 0; at < 20; at++) buffer.append(Buffer.alloc(50_000, at));
    const blocks = new Set(Array.from(buffer.passingChunks(), (piece) => piece.buffer));
    expect(blocks.size).toBe(1);
    const whole = Buffer.concat([...buffer.chunks()]);
    const keeping = buffer.chunks()[Symbol.iterator]();
    const passing = buffer.passingChunks()[Symbol.iterator]();
    const kept: Buffer[] = [];
    const passed: Buffer[] = [];
    for (let turn = 0; turn < 40; turn++) {
      const one = keeping.next();
      if (!one.done) kept.push(one.value);
      for (let twice = 0; twice < 2; twice++) {
        const other = passing.next();
        if (!other.done) passed.push(Buffer.from(other.value));
      }
    }
    expect(Buffer.concat(kept).equals(whole)).toBe(true);
    expect(Buffer.concat(passed).equals(whole)).toBe(true);
    buffer.discard();
  });

  test('memory of pieces that are in a file is free at once, where nobody else has it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 20 }),
        fc.integer({ min: 0, max: 300_000 }),
        (lengths, size) => {
          const buffer = new BodyBuffer({ kind: 'auto', size, directory }, new MemoryBudget(1_000_000, true));
          const pieces: Buffer[] = [];
          const copies: Buffer[] = [];
          for (const [at, length] of lengths.entries()) {
            // A socket's own buffer, or a part of one that holds other things.
            const whole = Buffer.alloc(length + (at % 3 === 2 ? 10 : 0), at + 1);
            const piece = whole.subarray(0, length);
            copies.push(Buffer.from(piece));
            if (at % 3 !== 2) pieces.push(piece);
            buffer.append(piece);
            // Who gave it is still at it.
            expect(piece.length).toBe(length);
          }
          expect(Buffer.concat([...buffer.chunks()]).equals(Buffer.concat(copies))).toBe(true);
          expect(Buffer.concat([...buffer.chunks()]).equals(Buffer.concat(copies))).toBe(true);
          const kept = pieces.filter(({ length }) => length > 0).reduce((sum, { length }) => sum + length, 0);
          expect(kept).toBeLessThan(Math.max(size, 65_536) + 300_000);
          buffer.discard();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a directory that cannot be written is an error of the append, not of the process', () => {
    const buffer = new BodyBuffer({ kind: 'fs', directory: '/dev/null/no' }, new MemoryBudget(0));
    expect(() => buffer.append(Buffer.from('x'))).toThrow(/not a directory/);
  });
});
