import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expand } from '../../../compiler/expand/expand.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { dialects } from '../../../grammar/dialect.ts';
import { decodeText, encodeText } from '../../../grammar/encoding.ts';
import { format } from '../../../grammar/format/format.ts';
import { parse } from '../../../grammar/parse.ts';
import { printTree } from '../../../grammar/tree.ts';
import { almostConfiguration, languageSoup } from '../../kit/texts.ts';

const env = new Map([
  ['X', '{env:Y}'],
  ['Y', '$(m) }'],
]);

const run = (text: string, dialect = dialects[0]) =>
  expand('main.conf', createMemoryHost({ files: new Map([['main.conf', text]]), env }), { dialect });

/** Every stage, over one text. What one says must fit what the others say. */
function throughEverything(text: string): void {
  expect(printTree(parse(text).items, text)).toBe(text);
  format(text);
  for (const dialect of dialects) {
    const { refusal, diagnostics, missing } = run(text, dialect);
    expect(missing).toEqual([]);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (refusal !== null) expect(errors.length, `refused without a finding: ${refusal}`).toBeGreaterThan(0);
    for (const { place } of diagnostics) {
      if (place !== null) expect(place.range.end).toBeLessThanOrEqual(place.file.text.length);
    }
  }
}

describe('no input breaks a stage', () => {
  it('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const text = decodeText(bytes);
        expect(encodeText(text)).toEqual(bytes);
        throughEverything(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('any mixture of what the language is made of', () => {
    fc.assert(fc.property(fc.oneof(languageSoup(), almostConfiguration), throughEverything), { numRuns: 1500 });
  });

  it('every beginning of a file, as it is while somebody types', () => {
    const folder = new URL('../../../examples/', import.meta.url);
    const samples = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.conf'));
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples) {
      const text = readFileSync(new URL(sample, folder), 'utf8').slice(0, 3000);
      for (let length = 0; length <= text.length; length += 1) {
        const beginning = text.slice(0, length);
        expect(printTree(parse(beginning).items, beginning)).toBe(beginning);
        const { refusal, diagnostics } = run(beginning);
        if (refusal !== null) expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
      }
    }
  });

  const many = (piece: string, size = 100_000): string => piece.repeat(Math.ceil(size / piece.length));
  it.each([
    ['opening braces', many('{')],
    ['blocks that are never closed', many('a {\n')],
    ['blocks inside each other on one line', many('a { ')],
    ['closing braces', many('} ')],
    ['closing braces, a line each', many('}\n')],
    ['quotes', many('"')],
    ['quotes, a line each', many('"\n')],
    ['escaped quotes', `a "${many('\\"')}`],
    ['backslashes', `a ${many('\\')}`],
    ['joined lines', many('\\\n')],
    ['comment signs', `a ${many('x#')}`],
    ['carriage returns', many('a\r')],
    ['glued braces', many('a{\nb}\n')],
    ['blocks of one line inside each other', many('a { b { c } }\n')],
    ['opened references', `a ${many('$(')})`],
    ['references in a word', `$(a) = b\nc x${many('$(a)')}y`],
    ['references that hide each other', `$(a) = b\nc x${many('$(a)b)')}y`],
    ['different references in a word', `c x${Array.from({ length: 10_000 }, (_, index) => `$(n${index})`).join('')}y`],
    ['opened variables', `a ${many('{env:')}}`],
    ['unset variables', `a ${many('{env:N}')}`],
    ['macros', Array.from({ length: 8_000 }, (_, index) => `$(m${index}) = $(m${index - 1}) x`).join('\n')],
    ['imports of nothing', many('import x\n', 100_000)],
  ])('%s without end', (_, text) => {
    throughEverything(text);
  });

  it('a line of ten million characters', () => {
    for (const text of [`a ${'x'.repeat(1e7)}`, `a "${'x '.repeat(5e6)}"`, `# ${'c'.repeat(1e7)}`]) {
      expect(run(text).refusal).toBeNull();
      expect(printTree(parse(text).items, text) === text).toBe(true);
    }
  });
});

describe('what multiplies itself ends with a code', () => {
  const codeOf = (files: Readonly<Record<string, string>>): string[] =>
    expand('main.conf', createMemoryHost({ files: new Map(Object.entries(files)), env }))
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ code }) => code.code);

  it.each([
    ['a snippet that imports itself', { 'main.conf': '(s) {\n import s\n}\nimport s\n' }, 'M1015'],
    ['a snippet that imports itself twice', { 'main.conf': '(s) {\n import s\n import s\n}\nimport s\n' }, 'M1022'],
    [
      'a snippet that imports itself twice in blocks',
      { 'main.conf': '(s) {\n a {\n import s\n }\n b {\n import s\n }\n}\nimport s\n' },
      'M1022',
    ],
    ['a file that imports itself', { 'main.conf': 'import main.conf\n' }, 'M1015'],
    ['a file that imports itself twice', { 'main.conf': 'import main.conf\nimport main.conf\n' }, 'M1021'],
    [
      'two files that import each other twice',
      { 'main.conf': 'import a\nimport a\n', 'a.conf': 'import main.conf\nimport main.conf\n' },
      'M1021',
    ],
    ['macros that double as values', { 'main.conf': doublingValues(30) }, 'M1022'],
    ['macros that double inside words', { 'main.conf': doublingWords(30) }, 'M1023'],
  ])('%s', (_, files, code) => {
    expect(codeOf(files)).toContain(code);
  });

  it('a macro of Madmail 2 that holds itself', () => {
    const text = '# maddyc: dialect=madmail-2\n$(a) = x$(a)y\nc z$(a)w\n';
    expect(run(text, 'madmail-2').diagnostics.map(({ code }) => code.code)).toContain('M1023');
  });
});

function doublingValues(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => `$(m${level + 1}) = $(m${level}) $(m${level})`);
  return `$(m0) = x y\n${lines.join('\n')}\n`;
}

function doublingWords(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => `$(m${level + 1}) = "=$(m${level})$(m${level})="`);
  return `$(m0) = x\n${lines.join('\n')}\n`;
}
