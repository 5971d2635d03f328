import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Item, parse, tokenValue } from '../../grammar/index.ts';
import { faithfulReading } from '../kit/readings.ts';
import { describeWithServices } from '../kit/services.ts';
import { almostConfiguration, corpusTexts, languageSoup, recordedTexts } from '../kit/texts.ts';
import { hasError, type Line, linesOf, SitterParser } from './reading.ts';

/** Where maddy reads what nobody means; the tree shows what is written, and `check` has a finding. */
const readOtherwise = new Set([
  // An opening quote mark that is never closed, with nothing behind it: no word at all.
  'tok/quote-unterminated-no-text main.conf',
  'tok/quote-unterminated-only-escape main.conf',
  // A backslash before a block joins what stands behind the block.
  'dir/cont-before-brace-same-line main.conf',
  'dir/cont-before-brace-two-blocks main.conf',
  'dir/cont-before-brace-eof main.conf',
  // `a } {`: the brace is an argument, and closes the block around it.
  'blk/block-then-brace-block main.conf',
  'blk/rbrace-arg-before-lbrace main.conf',
  // A declaration on the line of the closing brace takes the brace away.
  'mac/in-block-close-brace-trick main.conf',
  'snip/in-block-close-trick main.conf',
]);

const ours = (items: readonly Item[]): readonly Line[] =>
  items.flatMap((item) => {
    if (item.kind === 'stray') return [];
    const words = [item.name, ...item.args].map(tokenValue);
    return [{ at: item.name.startOffset, words, block: item.block === null ? null : ours(item.block.items) }];
  });

describeWithServices('the tree-sitter grammar', ['tree-sitter'], () => {
  let parser: SitterParser;
  beforeAll(() => {
    parser = new SitterParser();
  });
  afterAll(() => parser?.[Symbol.dispose]());

  const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

  it('reads what maddy reads', () => {
    const texts = [...recordedTexts(), ...corpusTexts()].filter(
      ({ text }) => isText(text) && faithfulReading(text, 'maddy') !== null,
    );
    expect(texts.length).toBeGreaterThan(200);
    const trees = parser.parse(texts.map(({ text }) => text));
    for (const [at, { name, text }] of texts.entries()) {
      const tree = trees[at];
      if (tree === undefined) throw new Error(`no tree for ${name}`);
      const lines = ours(parse(text, 'maddy').items);
      if (readOtherwise.has(name)) {
        expect.soft(linesOf(tree, text), `${name} is read as maddy reads it by now`).not.toEqual(lines);
      } else {
        expect.soft(linesOf(tree, text), name).toEqual(lines);
        expect.soft(hasError(tree), name).toBe(false);
      }
    }
  });

  it('has queries that name only what it has', () => {
    const editors = join(import.meta.dirname, '..', '..', 'editors');
    const paths = readdirSync(editors, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.scm'));
    expect(paths.length).toBeGreaterThan(5);
    parser.checkQueries(paths.map((path) => join(editors, path)));
  });

  it('reads every text in the end', () => {
    const texts = fc.sample(fc.oneof(languageSoup(), almostConfiguration), { numRuns: 500 }).filter(isText);
    expect(parser.parse(texts)).toHaveLength(texts.length);
  });
});
