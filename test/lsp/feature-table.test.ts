import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const docs = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'lsp.md'), 'utf8');

/** Name and our cell of each row of the table that stands beside other servers. */
const rows = page
  .slice(page.indexOf('### Beside others'), page.indexOf('## Which file is the main one'))
  .split('\n')
  .filter((line) => /^\| (?!feature \|)/.test(line))
  .map((line) => line.split(' | '))
  .map(([name = '', cell = '']): [string, string] => [name.slice(2), cell]);

const linkPattern = /\[[^\]]+\]\(([^) ]+) "([^"]+)"\)/g;

describe('the table of features', () => {
  it('has a row for each of them', () => expect(rows).toHaveLength(32));

  it.each(rows)('leads to tests that are there: %s', (name, cell) => {
    const links = [...cell.matchAll(linkPattern)].map(([, file = '', test = '']) => ({ file, test }));
    // `x / x` for two features is a link for each.
    expect(links).toHaveLength(name.split(' / ').length);
    for (const { file, test } of links) {
      const text = readFileSync(join(docs, file), 'utf8');
      const isThere = (words: string) => [`'${words}'`, `"${words}"`].some((literal) => text.includes(literal));
      // A group and its test, or the whole is one name.
      const missing = isThere(test) ? [] : test.split(': ').filter((part) => !isThere(part));
      expect(missing, file).toEqual([]);
    }
  });
});

describe('links of the page', () => {
  it('lead to files that are there', () => {
    const files = [...page.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, file = '']) => file);
    const local = files.filter((file) => !/^https?:/.test(file));
    expect(local.filter((file) => !existsSync(join(docs, file)))).toEqual([]);
  });
});
