/**
 * SMTP into a queue (on disk before the 250) and on to target.smtp, against Postfix with its own queue on the same disk, relaying to the
 * same smtp-sink, in turn within one run. Then start and memory with many messages queued. Of the built package (npm run build).
 *
 *   node bench/smtp-queue.ts [--messages N] [--rounds N] [--queued N]
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bodyOf } from '../runtime/queue/content.ts';
import { SqliteStore } from '../runtime/queue/sqlite/store.ts';
import { scriptOptions } from '../test/kit/script-options.ts';
import { Postfix } from './postfix.ts';
import { CountingSink, QueueServer } from './queue-node.ts';
import { freePort, type Load, measure, residentMemory } from './smtp-load.ts';

const { values } = scriptOptions({
  options: {
    messages: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
    queued: { type: 'string', default: '100000' },
    directory: { type: 'string', default: '/var/tmp' },
  },
});
const messages = Number(values.messages);
const loads: readonly (Load & { readonly goal: number })[] = [
  { name: '20 sessions, 2 kB', options: ['-s', '20', '-l', '2048'], messages, goal: 3 },
  { name: '1 session, 2 kB', options: ['-s', '1', '-l', '2048'], messages: messages / 2, goal: 1.5 },
  { name: '20 sessions, 100 kB', options: ['-s', '20', '-l', '102400'], messages: messages / 4, goal: 1 },
];

/** What the memory that a server comes to is measured after. */
const manyMessages: Load = { name: 'many', options: ['-s', '20', '-l', '2048'], messages: 10 * messages };

interface Rates {
  readonly accepted: number[];
  readonly delivered: number[];
}

async function run(load: Load, to: string, pid: number | null, sink: CountingSink, rates: Rates): Promise<number> {
  const before = sink.received;
  const started = performance.now();
  const { messagesPerSecond, cpuPerMessage } = await measure(load, to, pid);
  rates.accepted.push(messagesPerSecond);
  await sink.has(before + load.messages);
  rates.delivered.push((load.messages / (performance.now() - started)) * 1000);
  return cpuPerMessage ?? 0;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const directory = mkdtempSync(join(values.directory, 'maddyc-bench-'));
chmodSync(directory, 0o755);
const [port, postfixPort, sinkPort] = [await freePort(), await freePort(), await freePort()];
const sink = new CountingSink(sinkPort);
const postfix = new Postfix(join(directory, 'postfix'), postfixPort, sinkPort);
const server = await QueueServer.start(directory, port, sinkPort);
postfix.start();
try {
  const { pid } = server;
  const warmUp = { name: 'warm-up', options: ['-s', '20', '-l', '2048'], messages: 1000 };
  await run(warmUp, `127.0.0.1:${port}`, pid, sink, { accepted: [], delivered: [] });
  await run(warmUp, `127.0.0.1:${postfixPort}`, null, sink, { accepted: [], delivered: [] });
  for (const load of loads) {
    const ours: Rates = { accepted: [], delivered: [] };
    const theirs: Rates = { accepted: [], delivered: [] };
    const cpu: number[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      cpu.push(await run(load, `127.0.0.1:${port}`, pid, sink, ours));
      await run(load, `127.0.0.1:${postfixPort}`, null, sink, theirs);
    }
    const accepted = median(ours.accepted) / median(theirs.accepted);
    const delivered = median(ours.delivered) / median(theirs.delivered);
    const row = [
      load.name.padEnd(20),
      `accepted ${Math.round(median(ours.accepted))}/s, Postfix ${Math.round(median(theirs.accepted))}/s: ${accepted.toFixed(1)} x`,
      `delivered ${Math.round(median(ours.delivered))}/s, ${Math.round(median(theirs.delivered))}/s: ${delivered.toFixed(1)} x`,
      `(goal ${load.goal})  CPU ${median(cpu).toFixed(2)} ms`,
    ];
    process.stdout.write(`${row.join('  ')}\n`);
  }
  await run(manyMessages, `127.0.0.1:${port}`, pid, sink, { accepted: [], delivered: [] });
  process.stdout.write(`memory after ${manyMessages.messages} more: ${residentMemory(pid, 'VmRSS')} MiB\n`);
  await server.stop();
} finally {
  postfix.stop();
  server.child.kill('SIGKILL');
}

const queued = Number(values.queued);
const deep = join(directory, 'deep');
try {
  const store = new SqliteStore({ directory: join(deep, 'state', 'outbound'), onError: () => {} });
  await store.open();
  const body = bodyOf([Buffer.alloc(2048, 'x')]);
  for (let at = 0; at < queued; at += 1000) {
    await Promise.all(
      Array.from({ length: Math.min(1000, queued - at) }, (_, more) => store.insert(message(at + more), false)),
    );
  }
  await store.close();
  const deepPort = await freePort();
  const server = await QueueServer.start(deep, deepPort, sinkPort);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const idle = residentMemory(server.pid, 'VmRSS');
  await run(manyMessages, `127.0.0.1:${deepPort}`, server.pid, sink, { accepted: [], delivered: [] });
  process.stdout.write(
    `${queued} queued: ready ${Math.round(server.readyAfter)} ms after the process began, memory ${idle} MiB, after ${manyMessages.messages} messages more ${residentMemory(server.pid, 'VmRSS')} MiB\n`,
  );
  await server.stop();

  /** Due an hour from now. */
  function message(number: number) {
    const due = Date.now() + 3_600_000;
    return {
      message: {
        id: number.toString(16).padStart(8, '0'),
        from: 'a@source.test',
        originalFrom: 'a@source.test',
        arrivedAt: due,
        lastAttemptAt: due,
        nextAttemptAt: due,
        recipients: [{ to: `user${number}@sink.test`, original: `user${number}@sink.test`, tries: 1, failure: null }],
        smtputf8: false,
        requireTls: false,
        tlsNotRequired: false,
        quarantined: false,
        declaredSize: null,
        bounce: null,
      },
      destination: '',
      header: Buffer.from('Subject: bench\r\n'),
      body,
    };
  }
} finally {
  sink.stop();
  rmSync(directory, { recursive: true, force: true });
}
