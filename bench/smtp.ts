/**
 * SMTP to LMTP through `maddyc run` of the built package (npm run build), with Postfix's generator and sink, as a ratio to the
 * generator straight into the sink in the same run.
 *
 *   node bench/smtp.ts [--messages N] [--rounds N] [--relay]
 *
 * `--relay`: the bare relay of bench/smtp-relay.ts in the server's place. What is between the two is the price of the pipeline.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BuiltServer, startBuiltServer } from './built-server.ts';
import { freePort, type Load, measure, resetPeak, residentMemory, startSink } from './smtp-load.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    relay: { type: 'boolean' },
  },
});
const messages = Number(values.messages);
const loads: readonly (Load & { readonly goal: number })[] = [
  { name: '20 sessions, 2 kB, new connections', options: ['-s', '20', '-l', '2048'], messages, goal: 0.45 },
  {
    name: '20 sessions, 2 kB, reused (-d)',
    options: ['-s', '20', '-l', '2048', '-d'],
    messages: 3 * messages,
    goal: 0.5,
  },
  { name: '1 session, 2 kB', options: ['-s', '1', '-l', '2048'], messages: messages / 2, goal: 0.6 },
  { name: '20 sessions, 100 kB', options: ['-s', '20', '-l', '102400'], messages: messages / 2, goal: 0.6 },
];

const directory = mkdtempSync(join(tmpdir(), 'maddyc-bench-'));
chmodSync(directory, 0o777);
const socket = join(directory, 'lmtp');
const limitPort = await freePort();
const sinks = [await startSink({ path: socket }), await startSink({ port: limitPort })];
const server = values.relay === true ? await startRelay() : await startBuiltServer(directory, socket);
try {
  const relay = `127.0.0.1:${server.port}`;
  const pid = server.child.pid ?? 0;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const idle = residentMemory(pid, 'VmRSS');
  await measure({ name: 'warm-up', options: ['-s', '20', '-l', '2048'], messages: 5000 }, relay, pid);
  for (const load of loads) {
    const direct: number[] = [];
    const relayed: number[] = [];
    const cpu: number[] = [];
    resetPeak(pid);
    for (let round = 0; round < Number(values.rounds); round++) {
      direct.push((await measure(load, `127.0.0.1:${limitPort}`, null)).messagesPerSecond);
      const measured = await measure(load, relay, pid);
      relayed.push(measured.messagesPerSecond);
      cpu.push(measured.cpuPerMessage ?? 0);
    }
    const ratio = median(relayed) / median(direct);
    const row = [
      load.name.padEnd(36),
      `${Math.round(median(relayed))}/s of ${Math.round(median(direct))}/s`.padEnd(24),
      `ratio ${ratio.toFixed(2)} (goal ${load.goal.toFixed(2)})`,
      `CPU ${median(cpu).toFixed(3)} ms`,
      `RSS ${residentMemory(pid, 'VmHWM')} MiB`,
    ];
    process.stdout.write(`${row.join('  ')}\n`);
  }
  process.stdout.write(`RSS idle ${idle} MiB, ready after ${Math.round(server.readyAfter)} ms\n`);
} finally {
  server.child.kill();
  await once(server.child, 'exit');
  for (const sink of sinks) sink.kill();
  rmSync(directory, { recursive: true, force: true });
}

async function startRelay(): Promise<BuiltServer> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'smtp-relay.ts'), socket], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { child, port: Number(String(line)), readyAfter: performance.now() - started };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
