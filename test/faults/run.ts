/**
 * The long form of the kill -9 tests: ends a queue's process again and again, at every point of its work and at random times, and counts.
 * With `--server` it is the whole `maddyc run`, with clients in the middle of their sessions.
 *
 *   npm run test:faults -- [--rounds N] [--messages N] [--store DIRECTORY-OR-URL]
 *   npm run test:faults -- --server [--rounds N] [--clients N] [--exe PROGRAM]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { faultPoints } from './faulty-store.ts';
import { runKillLoop } from './kill-loop.ts';
import { runServerKillLoop } from './server-kill-loop.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    messages: { type: 'string', default: '100' },
    store: { type: 'string' },
    server: { type: 'boolean' },
    clients: { type: 'string', default: '10' },
    exe: { type: 'string' },
  },
});
const directory = mkdtempSync(join(tmpdir(), 'maddyc-faults-'));
try {
  const { killed, lost, ...counts } = values.server === true ? await killServer() : await killQueue();
  process.stdout.write(`${JSON.stringify({ killed, ...counts, lost: lost.length })}\n`);
  for (const recipient of lost) process.stdout.write(`lost: ${recipient}\n`);
  process.exitCode = lost.length === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function killQueue() {
  const rounds = Array.from({ length: Number(values.rounds) }, (_, at) => {
    const point = faultPoints[at % (2 * faultPoints.length)];
    return point ?? { after: Math.floor(Math.random() * 400) };
  });
  const place = values.store ?? join(directory, 'queue');
  return { killed: rounds.length, ...(await runKillLoop({ place, messages: Number(values.messages), rounds })) };
}

async function killServer() {
  const chance = (below: number): number => Math.floor(Math.random() * below);
  const lives = Array.from({ length: Number(values.rounds) }, () => ({ messages: chance(200), pause: chance(50) }));
  const options = { directory: join(directory, 'server'), lives, clients: Number(values.clients) };
  const command = values.exe === undefined ? {} : { command: [values.exe] as const };
  return { killed: lives.length, ...(await runServerKillLoop({ ...options, ...command })) };
}
