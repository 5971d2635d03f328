/**
 * The long form of the fault tests: what can go wrong with a queue goes wrong, and everything that was accepted is counted.
 *
 *   npm run test:faults -- [NAME…] [--messages N] [--rounds N] [--exe PROGRAM] [--store DIRECTORY-OR-URL]
 *
 * Without a name all faults, each with a whole `maddyc run`, and then `queue-points`: only the queue, in a process of its own that ends
 * at every point of its work (`--store` is for that one).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptOptions } from '../kit/script-options.ts';
import { faults } from './faults.ts';
import { faultPoints } from './faulty-store.ts';
import { runKillLoop } from './kill-loop.ts';
import type { Counts } from './ledger.ts';

const { values, positionals } = scriptOptions({
  allowPositionals: true,
  options: {
    messages: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '10' },
    exe: { type: 'string' },
    store: { type: 'string' },
  },
});
const queuePoints = 'queue-points';
const messages = Number(values.messages);
const rounds = Number(values.rounds);
const command = values.exe === undefined ? {} : { command: [values.exe] as const };
const names = [...faults.map(({ name }) => name), queuePoints];
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no such fault: ${unknown.join(', ')}; there are ${names.join(', ')}\n`);
  process.exit(2);
}
const wanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name);

for (const { name, run, missing } of faults.filter((fault) => wanted(fault.name))) {
  const reason = missing?.() ?? null;
  if (reason !== null) process.stdout.write(`${name.padEnd(24)} skipped: ${reason}\n`);
  else await report(name, (directory) => run({ directory, messages, rounds, ...command }));
}
if (wanted(queuePoints)) {
  const points = Array.from({ length: 8 * rounds }, (_, at) => {
    const point = faultPoints[at % (2 * faultPoints.length)];
    return point ?? { after: Math.floor(Math.random() * 400) };
  });
  await report(queuePoints, (directory) =>
    runKillLoop({
      place: values.store ?? join(directory, 'queue'),
      messages: Math.ceil(messages / 10),
      rounds: points,
    }),
  );
}

async function report(name: string, run: (directory: string) => Promise<Counts>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'maddyc-faults-'));
  const started = performance.now();
  try {
    const { lost, ...counts } = await run(directory);
    const all = Object.entries({ ...counts, lost: lost.length }).map(([what, count]) => `${what} ${count}`);
    process.stdout.write(
      `${name.padEnd(24)} ${all.join('  ')}  (${Math.round((performance.now() - started) / 1000)} s)\n`,
    );
    for (const recipient of lost.slice(0, 20)) process.stdout.write(`lost: ${recipient}\n`);
    if (lost.length > 0) process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
