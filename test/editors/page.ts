import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The code of a set-up page in one language, in its order: what a reader of the page types, stages do. */
export function codeBlocks(page: string, language: string): readonly string[] {
  const text = readFileSync(join(root, 'docs/editors', page), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , code = '']) => code);
}

/** The one that has these words, with the path of this tree in it; throws when the page has lost it. */
export function codeBlock(page: string, language: string, words: string): string {
  const found = codeBlocks(page, language).find((code) => code.includes(words));
  if (found === undefined) throw new Error(`${page} shows no ${language} with ${words}`);
  return found.replaceAll('/path/to/maddyc', root);
}
