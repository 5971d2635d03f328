import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expand } from '../../../compiler/expand/expand.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';

/** By number of the snippet: which ones its body imports, each within so many blocks, and how many directives it has besides. */
interface Sample {
  readonly imports: readonly (readonly [snippet: number, blocks: number])[];
  readonly others: number;
}

const textOf = (snippets: readonly Sample[], tail: string): string =>
  snippets
    .map(({ imports, others }, index) => {
      const lines = imports.map(([to, blocks]) => `${'b {\n'.repeat(blocks)}import s${to}\n${'}\n'.repeat(blocks)}`);
      return `(s${index}) {\n${'x y\n'.repeat(others)}${lines.join('')}}\n`;
    })
    .join('') + tail;

const expandText = (text: string, nodes: number, files: Readonly<Record<string, string>> = {}) => {
  const host = createMemoryHost({ files: new Map([['main.conf', text], ...Object.entries(files)]), env: new Map() });
  return expand('main.conf', host, { limits: { nodes, files: 2000, characters: 1e6 } });
};

/** What is put in, directive by directive; as much as `most` is enough. */
function countNodes(snippets: readonly Sample[], at: number, level: number, most: number): number {
  if (level > 255) return 0;
  const { imports, others } = snippets[at] ?? { imports: [], others: 0 };
  let sum = others * 2;
  for (const [to, blocks] of imports) {
    sum += blocks + 2;
    if (sum < most) sum += countNodes(snippets, to, level + 1 + blocks, most - sum);
  }
  return sum;
}

const samples = (count: number) =>
  fc.array(
    fc.record({
      imports: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(2)), { maxLength: 3 }),
      others: fc.nat(3),
    }),
    { minLength: count, maxLength: count },
  );

describe('the forecast of imports', () => {
  it('stops what would go beyond the limit, and nothing else', () => {
    fc.assert(
      fc.property(samples(5), fc.integer({ min: 1, max: 3000 }), (snippets, limit) => {
        const { diagnostics } = expandText(textOf(snippets, 'import s0\n'), limit);
        const isStopped = diagnostics.some(({ code }) => code.code === 'M1022');
        expect(isStopped).toBe(countNodes(snippets, 0, 0, limit + 1) > limit);
      }),
      { numRuns: 500 },
    );
  });

  it('points at the import that multiplies, and shows what is in it once', () => {
    const text = '(s) {\n wrong\n import s\n import s\n}\na b\nimport s\n';
    const { diagnostics, directives } = expandText(text, 1_000_000);
    const found = diagnostics.filter(({ code }) => code.code === 'M1022');
    expect(found.map(({ place }) => place?.range.start)).toEqual([text.lastIndexOf('s')]);
    expect(directives.filter(({ name }) => name === 'wrong')).toHaveLength(1);
  });

  it('waits for the files that a snippet imports: they may bring another snippet of the name', () => {
    const text = '(s) {\n import t.conf\n import t\n import t\n}\n(t) {\n import t\n import t\n}\nimport s\n';
    expect(expandText(text, 1000, { 't.conf': '(t) {\n x\n}\n' }).refusal).toBeNull();
    const { diagnostics } = expandText(text, 1000, { 't.conf': 'x\n' });
    expect(diagnostics.map(({ code }) => code.code)).toContain('M1022');
  });
});
