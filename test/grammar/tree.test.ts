import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../grammar/dialect.ts';
import { parse } from '../../grammar/parse.ts';
import { createCheckedParser } from '../../grammar/parser.ts';
import { printTree } from '../../grammar/tree.ts';
import { faithfulReading, treeReading } from '../kit/readings.ts';
import { almostConfiguration, corpusTexts, languageSoup, recordedTexts } from '../kit/texts.ts';

const texts = [...recordedTexts(), ...corpusTexts()];
const anyText = fc.oneof(languageSoup(), almostConfiguration, fc.string({ unit: 'binary' }));

describe('the lossless tree', () => {
  it('has a grammar without ambiguities', () => {
    expect(() => createCheckedParser()).not.toThrow();
  });

  it('prints as the text it was made from', () => {
    for (const { name, text } of texts) expect(printTree(parse(text).items, text), name).toBe(text);
    fc.assert(
      fc.property(anyText, (text) => printTree(parse(text).items, text) === text),
      { numRuns: 2000 },
    );
  });

  it.each(dialects)('says what the faithful reading says wherever %s reads the text', (dialect) => {
    for (const { name, text } of texts) {
      const faithful = faithfulReading(text, dialect);
      if (faithful !== null) expect(treeReading(text, dialect), name).toEqual(faithful);
    }
    fc.assert(
      fc.property(anyText, (text) => {
        const faithful = faithfulReading(text, dialect);
        if (faithful !== null) expect(treeReading(text, dialect)).toEqual(faithful);
      }),
      { numRuns: 3000 },
    );
  });

  it.each(dialects)('has a finding exactly where %s refuses the text', (dialect) => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(parse(text, dialect).findings.length > 0).toBe(faithfulReading(text, dialect) === null);
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps findings inside the text and in lines that exist', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const { range, related, fixes } of parse(text).findings) {
          const ranges = [
            range,
            ...related.map((one) => one.range),
            ...fixes.flatMap(({ edits }) => edits.map((e) => e.range)),
          ];
          for (const { start, end } of ranges) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThanOrEqual(start);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
