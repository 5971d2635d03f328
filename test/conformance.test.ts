import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { casesIn, field } from './kit/conformance/kind.ts';
import { conformanceKinds, kindOf } from './kit/conformance/kinds.ts';

const folder = new URL('./vectors/', import.meta.url);

function casesOf(file: string): readonly unknown[] {
  return casesIn(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))) ?? [];
}

const recorded = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ file, cases: casesOf(file) }))
  .flatMap(({ file, cases }) => {
    const kind = kindOf(file, cases);
    return kind === undefined ? [] : [{ file, cases, kind }];
  });

describe('recorded behaviour', () => {
  it('has a file for every kind', () => {
    expect(existsSync(folder)).toBe(true);
    expect(new Set(recorded.map(({ kind }) => kind.name))).toEqual(new Set(conformanceKinds.map(({ name }) => name)));
  });

  it.each(recorded)('$file', async ({ cases, kind }) => {
    const faults: string[] = [];
    for (const one of cases) {
      if (kind.startsProcess?.(one)) continue;
      const outcome = await kind.check(one, { command: ['maddyc'] });
      if (outcome !== null) faults.push(`${String(field(one, 'name'))}: ${JSON.stringify(outcome)}`);
    }
    expect(faults).toEqual([]);
  });
});
