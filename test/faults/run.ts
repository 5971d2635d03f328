/**
 * The long form of the kill -9 test: ends a queue's process again and again, at every point of its work and at random times, and counts.
 *
 *   npm run test:faults -- [--rounds N] [--messages N] [--store DIRECTORY-OR-URL]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { faultPoints } from './faulty-store.ts';
import { runKillLoop } from './kill-loop.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    messages: { type: 'string', default: '100' },
    store: { type: 'string' },
  },
});
const directory = mkdtempSync(join(tmpdir(), 'maddyc-faults-'));
try {
  const rounds = Array.from({ length: Number(values.rounds) }, (_, at) => {
    const point = faultPoints[at % (2 * faultPoints.length)];
    return point ?? { after: Math.floor(Math.random() * 400) };
  });
  const { lost, ...counts } = await runKillLoop({
    place: values.store ?? join(directory, 'queue'),
    messages: Number(values.messages),
    rounds,
  });
  process.stdout.write(`${JSON.stringify({ killed: rounds.length, ...counts, lost: lost.length })}\n`);
  for (const recipient of lost) process.stdout.write(`lost: ${recipient}\n`);
  process.exitCode = lost.length === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
