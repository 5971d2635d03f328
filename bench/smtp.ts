/**
 * SMTP to LMTP through `maddyc run` of the built package (npm run build), with Postfix's generator and sink, as a ratio to the
 * generator straight into the sink in the same run.
 *
 *   node bench/smtp.ts [--messages N] [--rounds N] [--relay]
 *
 * `plain` is what the goals speak of: an smtp endpoint that delivers to an LMTP unix socket. `rules` has rules and rewritings between
 * them. `floor` is what Node's sockets alone reach on this machine (bench/smtp-floor.ts). `--relay`: also the bare relay of
 * bench/smtp-relay.ts, our session and client; what is between it and `plain` is the price of the pipeline.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptOptions } from '../test/kit/script-options.ts';
import { type BuiltServer, startBuiltServer, type Way } from './built-server.ts';
import { freePort, type Load, measure, resetPeak, residentMemory, startSink } from './smtp-load.ts';

const { values } = scriptOptions({
  options: {
    messages: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    relay: { type: 'boolean', default: false },
  },
});
const messages = Number(values.messages);

interface GoalLoad extends Load {
  readonly ratio: number;
  /** Milliseconds for each message; Infinity for no goal. */
  readonly cpu: number;
}

const small = ['-s', '20', '-l', '2048'];
const loads: readonly GoalLoad[] = [
  { name: '20 sessions, 2 kB, new connections', options: small, messages, ratio: 0.45, cpu: 0.22 },
  {
    name: '20 sessions, 2 kB, reused (-d)',
    options: [...small, '-d'],
    messages: 3 * messages,
    ratio: 0.5,
    cpu: Infinity,
  },
  { name: '1 session, 2 kB', options: ['-s', '1', '-l', '2048'], messages: messages / 2, ratio: 0.6, cpu: Infinity },
  {
    name: '20 sessions, 100 kB',
    options: ['-s', '20', '-l', '102400'],
    messages: messages / 2,
    ratio: 0.6,
    cpu: Infinity,
  },
];
const megabyte = 1_000_000 / 1024 ** 2;
/** In MiB and in milliseconds; for what `maddyc run` serves. */
const goals = { underLoad: 150 * megabyte, idle: 80 * megabyte, ready: 300 };

interface Candidate {
  readonly name: string;
  readonly server: BuiltServer;
  /** Whether the goals are its own. */
  readonly isOurs: boolean;
}

const directory = mkdtempSync(join(tmpdir(), 'maddyc-bench-'));
chmodSync(directory, 0o777);
const socket = join(directory, 'lmtp');
const limitPort = await freePort();
const sinks = [await startSink({ path: socket }), await startSink({ port: limitPort })];
const candidates: Candidate[] = [];
try {
  for (const way of ['plain', 'rules'] as const) candidates.push(await startWay(way));
  candidates.push(await startScript('floor', 'smtp-floor.ts'));
  if (values.relay) candidates.push(await startScript('relay', 'smtp-relay.ts'));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const idle = candidates.map(({ server }) => residentMemory(pidOf(server), 'VmRSS'));
  for (const { server } of candidates)
    await measure({ name: 'warm-up', options: small, messages: 5000 }, addressOf(server), pidOf(server));
  for (const load of loads) await compare(load);
  for (const [at, { name, server, isOurs }] of candidates.entries()) {
    const memory = idle[at] ?? Number.NaN;
    const rest = verdict(isOurs ? goals.idle : Infinity, (goal) => memory <= goal);
    const ready = verdict(isOurs ? goals.ready : Infinity, (goal) => server.readyAfter <= goal);
    write(name, [`RSS idle ${memory} MiB${rest}`, `ready after ${Math.round(server.readyAfter)} ms${ready}`]);
  }
} finally {
  for (const { server } of candidates) {
    server.child.kill();
    await once(server.child, 'exit');
  }
  for (const sink of sinks) sink.kill();
  rmSync(directory, { recursive: true, force: true });
}

/** All candidates in turn, round by round: what else the machine does meets them alike. */
async function compare(load: GoalLoad): Promise<void> {
  const direct: number[] = [];
  const taken = candidates.map(() => ({ perSecond: [] as number[], cpu: [] as number[] }));
  for (const { server } of candidates) resetPeak(pidOf(server));
  for (let round = 0; round < Number(values.rounds); round++) {
    direct.push((await measure(load, `127.0.0.1:${limitPort}`, null)).messagesPerSecond);
    for (const [at, { server }] of candidates.entries()) {
      const measured = await measure(load, addressOf(server), pidOf(server));
      taken[at]?.perSecond.push(measured.messagesPerSecond);
      taken[at]?.cpu.push(measured.cpuPerMessage ?? Number.NaN);
    }
  }
  process.stdout.write(`${load.name}: ${Math.round(median(direct))}/s straight into the sink\n`);
  for (const [at, { name, server, isOurs }] of candidates.entries()) {
    const { perSecond = [], cpu = [] } = taken[at] ?? {};
    const ratio = median(perSecond) / median(direct);
    const peak = residentMemory(pidOf(server), 'VmHWM');
    write(name, [
      `${Math.round(median(perSecond))}/s`.padEnd(8),
      `ratio ${ratio.toFixed(2)}${verdict(isOurs ? load.ratio : Infinity, (goal) => ratio >= goal)}`,
      `CPU ${median(cpu).toFixed(3)} ms${verdict(isOurs ? load.cpu : Infinity, (goal) => median(cpu) <= goal)}, least ${Math.min(...cpu).toFixed(3)}`,
      `RSS ${peak} MiB${verdict(isOurs ? goals.underLoad : Infinity, (goal) => peak <= goal)}`,
    ]);
  }
}

function write(name: string, cells: readonly string[]): void {
  process.stdout.write(`  ${[name.padEnd(5), ...cells].join('  ')}\n`);
}

/** Nothing where there is no goal. */
function verdict(goal: number, isMet: (goal: number) => boolean): string {
  if (goal === Infinity) return '';
  return ` (goal ${Number(goal.toFixed(2))}: ${isMet(goal) ? 'met' : 'MISSED'})`;
}

async function startWay(way: Way): Promise<Candidate> {
  const own = join(directory, way);
  mkdirSync(own);
  return { name: way, server: await startBuiltServer(own, socket, way), isOurs: true };
}

async function startScript(name: string, script: string): Promise<Candidate> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, script), socket], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const server = { child, port: Number(String(line)), readyAfter: performance.now() - started };
  return { name, server, isOurs: false };
}

function addressOf({ port }: BuiltServer): string {
  return `127.0.0.1:${port}`;
}

function pidOf({ child }: BuiltServer): number {
  return child.pid ?? 0;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
