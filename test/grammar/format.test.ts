import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dialect, dialects } from '../../grammar/dialect.ts';
import { format } from '../../grammar/format/format.ts';
import { faithfulReading, type Plain, type PlainReading } from '../kit/readings.ts';
import { almostConfiguration, corpusTexts, languageSoup, recordedTexts } from '../kit/texts.ts';

const texts = [...recordedTexts(), ...corpusTexts()];
const anyText = fc.oneof(languageSoup(), almostConfiguration, fc.string({ unit: 'binary' }));

/** A reading without places: lines may move. */
function withoutPlaces(reading: PlainReading | null): unknown {
  const strip = ({ name, args, block }: Plain): unknown => ({ name, args, block: block?.map(strip) ?? null });
  return reading === null ? null : [reading.nodes.map(strip), reading.declarations.map(strip)];
}

const meaning = (text: string, dialect: Dialect) => withoutPlaces(faithfulReading(text, dialect));

const commentsIn = (text: string): string[] => [...text.matchAll(/#[^\n]*/g)].map(([comment]) => comment.trim());

describe('the formatter', () => {
  it.each(dialects)('never changes what %s reads, and is done after one run', (dialect) => {
    for (const { name, text } of texts) {
      const formatted = format(text, dialect);
      expect(meaning(formatted, dialect), name).toEqual(meaning(text, dialect));
      expect(format(formatted, dialect), name).toBe(formatted);
    }
    fc.assert(
      fc.property(anyText, (text) => {
        const formatted = format(text, dialect);
        expect(meaning(formatted, dialect)).toEqual(meaning(text, dialect));
        expect(format(formatted, dialect)).toBe(formatted);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps every comment of real configurations', () => {
    for (const { name, text } of corpusTexts()) expect(commentsIn(format(text)), name).toEqual(commentsIn(text));
  });

  it.each([256, 257, 3000])('reads blocks nested %d deep', (depth) => {
    const text = 'a {\n'.repeat(depth) + '}\n'.repeat(depth);
    expect(format(format(text))).toBe(format(text));
  });
});
