import { plainText } from '../editor/snippet-text.ts';
import type { DirectiveSpec } from './define.ts';
import { valueWords } from './value-words.ts';

/** How a directive could be written, in one line: its snippet with the places filled in, or an example of its type. */
export function exampleOf(name: string, row: DirectiveSpec): string {
  if (row.snippet !== undefined) return plainText(row.snippet).replaceAll(/\s*\n\s*/g, ' ');
  const { example } = valueWords[row.type];
  const word =
    row.values?.[0] ?? (row.default === undefined || Array.isArray(row.default) ? example : String(row.default));
  return word === '' ? name : `${name} ${word}`;
}
