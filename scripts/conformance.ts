import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { casesIn, field } from '../test/kit/conformance/kind.ts';
import { conformanceKinds, kindOf } from '../test/kit/conformance/kinds.ts';

/**
 * `npm run conformance -- FILE…`: recorded behaviour against ours, a line for each case that differs and a closing
 * `N passed, N failed` for each file. Exit code 1 when a case fails, 2 when a file holds no known kind of cases.
 */
function run(paths: readonly string[]): number {
  if (paths.length === 0) {
    process.stderr.write('usage: npm run conformance -- FILE…   (vector files, as in test/vectors)\n');
    return 2;
  }
  return Math.max(...paths.map(runFile));
}

function runFile(path: string): number {
  const cases = readCases(path);
  const kind = cases === null ? undefined : kindOf(basename(path), cases);
  if (cases === null || kind === undefined) {
    const known = conformanceKinds.map(({ name }) => name).join(', ');
    process.stderr.write(`${path}: not a file of recorded cases (known kinds: ${known})\n`);
    return 2;
  }
  let failed = 0;
  for (const recorded of cases) {
    const fault = kind.check(recorded);
    if (fault === null) continue;
    failed += 1;
    process.stdout.write(`${path}: ${String(field(recorded, 'name'))}: ${fault}\n`);
  }
  process.stdout.write(`${path}: ${cases.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

function readCases(path: string): readonly unknown[] | null {
  try {
    return casesIn(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

process.exitCode = run(process.argv.slice(2));
