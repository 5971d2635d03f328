import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type ConformanceKind, casesIn, field, type Outcome, type Surroundings } from '../test/kit/conformance/kind.ts';
import { conformanceKinds, kindOf } from '../test/kit/conformance/kinds.ts';

const usage = `usage: npm run conformance -- [--exe PROGRAM] [--only NAME]… FILE…   (vector files, as in test/vectors)
  --exe PROGRAM  what is started for recorded sessions; default: maddyc from the sources
  --only NAME    only cases of this name
  --static       recorded routes: ask \`maddyc route\` (as without an option)
  --live         recorded routes: send the mail to a server that runs, with a sink behind every target
`;

/**
 * Recorded behaviour against ours, a line for each case that differs or cannot run yet and a closing `N passed, N failed` for
 * each file. Exit code 1 when a case fails, 2 when a file holds no known kind of cases.
 */
async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', short: 'h' },
      exe: { type: 'string' },
      only: { type: 'string', multiple: true },
      static: { type: 'boolean' },
      live: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  if (positionals.length === 0) {
    process.stderr.write(usage);
    return 2;
  }
  const sources = join(import.meta.dirname, '..', 'cli', 'entry.ts');
  const surroundings: Surroundings = {
    command: values.exe === undefined ? [process.execPath, sources] : [resolve(values.exe)],
    routes: values.live === true ? 'live' : 'static',
  };
  let code = 0;
  for (const path of positionals) code = Math.max(code, await runFile(path, values.only ?? null, surroundings));
  return code;
}

async function runFile(path: string, only: readonly string[] | null, surroundings: Surroundings): Promise<number> {
  const all = readCases(path);
  const kind = all === null ? undefined : kindOf(basename(path), all);
  if (all === null || kind === undefined) {
    const known = conformanceKinds.map(({ name }) => name).join(', ');
    process.stderr.write(`${path}: not a file of recorded cases (known kinds: ${known})\n`);
    return 2;
  }
  const cases = all.filter((recorded) => only === null || only.includes(String(field(recorded, 'name'))));
  const outcomes = await checkAll(cases, kind, surroundings);
  let failed = 0;
  let pending = 0;
  for (const [at, outcome] of outcomes.entries()) {
    if (outcome === null) continue;
    const isPending = typeof outcome !== 'string';
    if (isPending) pending += 1;
    else failed += 1;
    const said = isPending ? `pending: ${outcome.pending}` : outcome;
    process.stdout.write(`${path}: ${String(field(cases[at], 'name'))}: ${said}\n`);
  }
  const passed = cases.length - failed - pending;
  const rest = pending === 0 ? '' : `, ${pending} pending`;
  process.stdout.write(`${path}: ${passed} passed, ${failed} failed${rest}\n`);
  return failed === 0 ? 0 : 1;
}

async function checkAll(cases: readonly unknown[], kind: ConformanceKind, surroundings: Surroundings) {
  const outcomes: Outcome[] = [];
  const queue = cases.entries();
  const work = async (): Promise<void> => {
    for (const [at, recorded] of queue) outcomes[at] = await kind.check(recorded, surroundings);
  };
  await Promise.all(Array.from({ length: kind.width ?? 1 }, work));
  return outcomes;
}

function readCases(path: string): readonly unknown[] | null {
  try {
    return casesIn(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

process.exitCode = await run(process.argv.slice(2));
