import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const separator = '----------\n';

/**
 * Golden files of `test/golden/FOLDER/`: an input, a line of dashes, what comes of it. `UPDATE_GOLDEN=1` rewrites the latter;
 * read the difference before you keep it.
 */
export function goldenTests(folder: string, render: (input: string) => string | Promise<string>): void {
  const url = new URL(`../golden/${folder}/`, import.meta.url);
  it.each(readdirSync(url))('%s', async (name) => {
    const file = new URL(name, url);
    const [input = '', expected] = readFileSync(file, 'utf8').split(separator);
    const actual = await render(input);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, `${input}${separator}${actual}`);
    else expect(actual).toBe(expected);
  });
}
