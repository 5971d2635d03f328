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

  it('changes no meaning in large texts either, which it reads again part by part', () => {
    const many = 'target.smtp relay {\n\ttargets tcp://127.0.0.1:25 # "one\n\n\n}\n\n'.repeat(1000);
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom('', '\n', '# text', '\\', 'a { } # b', 'hostname a \\', ' { }', '"a'),
        almostConfiguration,
      ),
      { minLength: 2, maxLength: 3 },
    );
    fc.assert(
      fc.property(pieces, (some) => {
        const text = some.map((piece) => `${piece}\n${many}`).join('');
        const formatted = format(text);
        expect(meaning(formatted, 'maddy')).toEqual(meaning(text, 'maddy'));
        expect(format(formatted)).toBe(formatted);
      }),
      { numRuns: 25 },
    );
    expect(format(many)).toBe(many.replaceAll('\t', '    ').replaceAll('\n\n\n', '\n').trimEnd().concat('\n'));
  });

  it.each([256, 257, 3000])('reads blocks nested %d deep', (depth) => {
    const text = 'a {\n'.repeat(depth) + '}\n'.repeat(depth);
    expect(format(format(text))).toBe(format(text));
  });
});
