import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyseText, findingLines } from '../../kit/analysis.ts';

/**
 * Golden files: a configuration, a line of dashes, the findings, a line each. `UPDATE_GOLDEN=1` rewrites the latter; read the
 * difference before you keep it.
 */
const folder = new URL('../../golden/findings/', import.meta.url);
const separator = '----------\n';

describe('findings', () => {
  it.each(readdirSync(folder))('%s', (name) => {
    const file = new URL(name, folder);
    const [config = '', expected] = readFileSync(file, 'utf8').split(separator);
    const actual = `${findingLines(analyseText(config)).join('\n')}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, `${config}${separator}${actual}`);
    else expect(actual).toBe(expected);
  });
});
