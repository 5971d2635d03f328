/**
 * One and three servers on one queue in PostgreSQL, with its syncs on, relaying to one smtp-sink.
 *
 *   node bench/queue-nodes.ts [--messages N] [--rounds N]
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptOptions } from '../test/kit/script-options.ts';
import { CountingSink, QueueServer } from './queue-node.ts';
import { freePort, measure } from './smtp-load.ts';

const { values } = scriptOptions({
  options: { messages: { type: 'string', default: '1500' }, rounds: { type: 'string', default: '3' } },
});
const messages = Number(values.messages);

const directory = mkdtempSync(join(tmpdir(), 'mb-'));
chmodSync(directory, 0o711);
const script = join(import.meta.dirname, '..', 'test', 'services', 'postgres.sh');
const postgres = (action: 'start' | 'stop'): void =>
  void execFileSync('bash', [script, action, join(directory, 'p')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PG_DURABLE: '1' },
  });

function startPostgres(): string {
  postgres('start');
  const env = Object.fromEntries(
    readFileSync(join(directory, 'p', 'env'), 'utf8')
      .split('\n')
      .map((line) => line.split('=', 2)),
  );
  return `postgres:///test?host=${env.PGHOST}&port=${env.PGPORT}&user=${env.PGUSER}`;
}

const url = startPostgres();
const sinkPort = await freePort();
const sink = new CountingSink(sinkPort);
try {
  for (const nodes of [1, 3]) {
    const servers: { readonly server: QueueServer; readonly port: number }[] = [];
    for (let at = 0; at < nodes; at++) {
      const port = await freePort();
      servers.push({
        server: await QueueServer.start(join(directory, `n${nodes}-${at}`), port, sinkPort, url),
        port,
      });
    }
    const accepted: number[] = [];
    const delivered: number[] = [];
    for (let round = 0; round <= Number(values.rounds); round++) {
      const before = sink.received;
      const started = performance.now();
      const load = {
        name: '',
        options: ['-s', String(Math.ceil(20 / nodes)), '-l', '2048'],
        messages: messages / nodes,
      };
      await Promise.all(servers.map(({ port }) => measure(load, `127.0.0.1:${port}`, null)));
      // The first round warms up.
      if (round > 0) accepted.push((messages / (performance.now() - started)) * 1000);
      await sink.has(before + messages);
      if (round > 0) delivered.push((messages / (performance.now() - started)) * 1000);
    }
    process.stdout.write(
      `${nodes} node${nodes > 1 ? 's' : ''}: accepted ${median(accepted)}/s, delivered ${median(delivered)}/s (2 kB, 20 sessions)\n`,
    );
    for (const { server } of servers) await server.stop();
  }
} finally {
  sink.stop();
  postgres('stop');
  rmSync(directory, { recursive: true, force: true });
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN);
}
