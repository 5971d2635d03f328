import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allModules } from '../../../compiler/catalog/catalog.ts';
import { globals } from '../../../compiler/catalog/globals.ts';
import { pipelineDirectives } from '../../../compiler/catalog/pipeline.ts';
import { prettyReport } from '../../../compiler/index.ts';
import { analyseText } from '../../kit/analysis.ts';

const names = [
  ...Object.keys(globals.directives),
  ...Object.keys(pipelineDirectives),
  ...[...allModules()].flatMap((entry) => [
    entry.name,
    entry.name.slice(entry.name.lastIndexOf('.') + 1),
    ...Object.keys(entry.directives),
  ]),
];

const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...names) },
  {
    weight: 4,
    arbitrary: fc.constantFrom('&a', '&b', 'a', 'b', 'off', '&', '""', '5', '10M', '5m', 'yes', '550', '5.7.1'),
  },
  fc.constantFrom(
    'tcp://127.0.0.1:25',
    'unix://x',
    '{env:X}',
    '$(m)',
    '...',
    'a@b',
    '*.org',
    'example.org',
    '(.+)',
    '[',
    '-1',
  ),
  fc.string({ maxLength: 6 }).map((text) => JSON.stringify(text.replaceAll('\\', ''))),
);
const name = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.constantFrom('x', 'import', '&a'));

const { directive } = fc.letrec<{ directive: string; block: string }>((tie) => ({
  directive: fc
    .tuple(name, fc.array(word, { maxLength: 4 }), fc.option(tie('block'), { nil: '' }))
    .map(([head, args, block]) => `${[head, ...args].join(' ')}${block}`),
  block: fc
    .array(tie('directive'), { maxLength: 5, depthIdentifier: 'block' })
    .map((children) => ` {\n${children.join('\n')}\n}`),
}));

const file = fc.array(directive, { maxLength: 12 }).map((directives) => `${directives.join('\n')}\n`);

describe('any configuration', () => {
  it('is judged without a crash, with findings inside its text, and the same way twice', () => {
    fc.assert(
      fc.property(file, fc.constantFrom('maddy' as const, 'madmail-0' as const), (text, dialect) => {
        const analysis = analyseText(text, { dialect, asMaddy: true });
        for (const { place, related, fixes } of analysis.diagnostics) {
          for (const each of [...(place === null ? [] : [place]), ...related, ...fixes.flatMap((fix) => fix.edits)]) {
            expect(each.range.start).toBeGreaterThanOrEqual(0);
            expect(each.range.end).toBeGreaterThanOrEqual(each.range.start);
            expect(each.range.end).toBeLessThanOrEqual(each.file.text.length);
          }
        }
        const options = { color: false, unicode: true, columns: 80 };
        expect(prettyReport(analysis.diagnostics, options)).not.toContain('undefined');
        const plan = JSON.stringify(analysis.plan('test').plan);
        const again = analyseText(text, { dialect, asMaddy: true });
        expect(JSON.stringify(again.plan('test').plan)).toBe(plan);
        expect(again.reference()).toEqual(analysis.reference());
      }),
      { numRuns: 1500 },
    );
  });

  it('has no plan while it has an error, and none is refused in silence', () => {
    fc.assert(
      fc.property(file, (text) => {
        const analysis = analyseText(text, { dialect: 'maddy' });
        const { plan, diagnostics } = analysis.plan('test');
        expect(plan === null).toBe(diagnostics.length > 0);
        expect(plan === null).toBe(analysis.loadErrors.length > 0);
        for (const error of analysis.loadErrors) expect(analysis.diagnostics).toContain(error);
        // What maddy refuses on our side too is never accepted without a word.
        if (!analysis.reference().accepted) {
          const told = analyseText(text, { dialect: 'maddy', asMaddy: true }).diagnostics.filter(
            ({ severity }) => severity === 'error',
          );
          expect(told.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('large configurations', () => {
  it('may have chains of blocks as long as they like', () => {
    const length = 5000;
    const blocks = Array.from({ length }, (_, index) => `msgpipeline p${index} {\ndeliver_to &p${index + 1}\n}\n`);
    const text = `hostname x\ntls off\nsmtp tcp://127.0.0.1:2525 {\ndeliver_to &p0\n}\n${blocks.join('')}`;
    const codes = analyseText(text).diagnostics.map(({ code }) => code.code);
    expect(codes).toEqual(['M2102']);
  });

  it('are told all their mistakes', () => {
    const text = `hostname x\ntls off\nsmtp tcp://127.0.0.1:2525 {\n${'nonsense\n'.repeat(20_000)}deliver_to dummy\n}\n`;
    expect(analyseText(text).diagnostics).toHaveLength(20_000);
  });
});
