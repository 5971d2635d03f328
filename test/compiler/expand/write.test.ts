import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expand } from '../../../compiler/expand/expand.ts';
import type { ExpandedDirective } from '../../../compiler/expand/expanded.ts';
import { writeConfiguration } from '../../../compiler/expand/write.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { field, isRecord } from '../../kit/conformance/kind.ts';
import { almostConfiguration, corpusTexts, languageSoup } from '../../kit/texts.ts';

const values = (directive: ExpandedDirective): unknown => ({
  name: directive.name,
  args: directive.args.map(({ value }) => value),
  block: directive.block?.map(values) ?? null,
});

const env = new Map([
  ['X', 'v w'],
  ['BACKSLASHES', 'a \\\\ b'],
  ['EMPTY', ''],
]);

/** False when some value cannot be written. */
function survivesWriting(files: ReadonlyMap<string, string>, main: string, variables = env): boolean {
  const { directives, refusal } = expand(main, createMemoryHost({ files, env: variables }));
  if (refusal !== null) return true;
  const { text, unwritable } = writeConfiguration(directives);
  if (unwritable.length > 0) return false;
  const again = expand('flat.conf', createMemoryHost({ files: new Map([['flat.conf', text]]) }));
  expect(again.refusal, text).toBeNull();
  expect(again.directives.map(values), text).toEqual(directives.map(values));
  return true;
}

describe('the effective configuration as text', () => {
  it('reads as what it was written from, for every recorded case', () => {
    const cases: unknown = JSON.parse(readFileSync(new URL('../../vectors/language.json', import.meta.url), 'utf8'));
    const unwritable = (Array.isArray(cases) ? cases : []).filter((one) => {
      const entries = (value: unknown) => Object.entries(isRecord(value) ? value : {});
      const files = new Map(entries(field(one, 'files')).map(([path, text]) => [path, String(text)]));
      const variables = new Map(entries(field(one, 'env')).map(([name, value]) => [name, String(value)]));
      return !survivesWriting(files, String(field(one, 'main') ?? 'main.conf'), variables);
    });
    // Values that only macros and variables can make.
    expect(unwritable.map((one) => field(one, 'name'))).toEqual([
      'mac/value-built-to-look-like-macro-not-rescanned-at-top',
      'mac/value-built-to-look-like-macro-in-snippet-not-rescanned',
      'env/value-not-rescanned-macro',
      'env/value-brace-not-structural',
      'env/value-rbrace-not-structural',
      'env/value-quote-hash-literal',
    ]);
  });

  it('reads as what it was written from, for real configurations and any other', () => {
    for (const { text } of corpusTexts())
      expect(survivesWriting(new Map([['main.conf', text]]), 'main.conf')).toBe(true);
    fc.assert(
      fc.property(fc.oneof(languageSoup(), almostConfiguration), (text) => {
        survivesWriting(new Map([['main.conf', text]]), 'main.conf');
      }),
      { numRuns: 3000 },
    );
  });
});
