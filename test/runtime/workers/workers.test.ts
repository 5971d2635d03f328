import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../kit/eventually.ts';
import { freePort } from '../../kit/free-port.ts';
import { ServerProcess } from '../../kit/server-process.ts';
import { WireClient } from '../../kit/wire-client.ts';

let directory: string;
let file: string;
const running: ServerProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-workers-'));
  file = join(directory, 'maddy.conf');
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  rmSync(directory, { recursive: true });
});

function configure(text: string): void {
  writeFileSync(file, `state_dir ${directory}/state\nruntime_dir ${directory}/run\nhostname mx.test\ntls off\n${text}`);
}

async function serve(workers: number, cwd?: string): Promise<ServerProcess> {
  const launch = cwd === undefined ? {} : { cwd };
  const server = await ServerProcess.start(['run', file, '--workers', String(workers)], launch);
  running.push(server);
  return server;
}

/** Process ids of the workers. */
function workersOf({ pid }: ServerProcess): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

/** The last reply to MAIL and RCPT. */
async function send(port: number): Promise<string> {
  const client = await WireClient.connect(port);
  try {
    await client.reply();
    for (const line of ['EHLO client.test', 'MAIL FROM:<a@x.test>']) await client.say(line);
    return await client.say('RCPT TO:<b@y.test>');
  } finally {
    client.destroy();
  }
}

function count(log: string, line: RegExp): number {
  return log.split('\n').filter((each) => line.test(each)).length;
}

test('several processes look like one', { timeout: 60_000 }, async () => {
  const [port, metrics] = [await freePort(), await freePort()];
  configure(`smtp tcp://127.0.0.1:${port} { deliver_to dummy }\nopenmetrics tcp://127.0.0.1:${metrics} { }`);
  const server = await serve(2);
  expect(workersOf(server)).toHaveLength(2);
  await Promise.all(Array.from({ length: 12 }, () => send(port)));
  const figures = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
  expect(figures).toContain('maddy_smtp_started_transactions{module="smtp"} 12\n');
  expect(figures).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect(await server.stop()).toBe(0);
  for (const line of [/^configuration loaded/, /^smtp: listening on/, /^server started/, /^server stopped/]) {
    expect([line, count(server.log, line)]).toEqual([line, 1]);
  }
});

test('a worker that dies is replaced, and what it counted stays', { timeout: 60_000 }, async () => {
  const [port, metrics] = [await freePort(), await freePort()];
  configure(`smtp tcp://127.0.0.1:${port} { deliver_to dummy }\nopenmetrics tcp://127.0.0.1:${metrics} { }`);
  const server = await serve(2);
  await Promise.all(Array.from({ length: 8 }, () => send(port)));
  const collect = async () => (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
  await collect();
  const before = workersOf(server);
  const [first = 0] = before;
  process.kill(first, 'SIGKILL');
  await server.logged(/^a worker ended and is started again\t.*"signal":"SIGKILL"/m);
  await expect.poll(() => workersOf(server).length, { timeout: 10_000 }).toBe(2);
  expect(workersOf(server)).not.toContain(first);
  expect(await send(port)).toMatch(/^250 /);
  const figures = await collect();
  expect(figures).toContain('maddyc_worker_restarts 1\n');
  expect(figures).toContain('maddy_smtp_started_transactions{module="smtp"} 9\n');
  expect(await server.stop()).toBe(0);
});

test('a worker that cannot be started is tried again, and never takes part', { timeout: 60_000 }, async () => {
  const port = await freePort();
  const aliases = join(directory, 'aliases');
  writeFileSync(aliases, 'b@y.test: c@y.test\n');
  configure(`smtp tcp://127.0.0.1:${port} {\n modify { replace_rcpt file ${aliases} }\n deliver_to dummy\n }`);
  const server = await serve(2);
  writeFileSync(aliases, ': no address before the colon\n');
  for (const pid of workersOf(server)) process.kill(pid, 'SIGKILL');
  await expect
    .poll(() => count(server.log, /^a worker could not be started\t/), { timeout: 10_000 })
    .toBeGreaterThan(2);
  writeFileSync(aliases, 'b@y.test: c@y.test\n');
  await expect.poll(() => send(port).catch(() => ''), { timeout: 20_000 }).toMatch(/^250 /);
  await expect.poll(() => workersOf(server).length, { timeout: 20_000 }).toBe(2);
  server.signal('SIGUSR2');
  await server.logged(/^new server started/m);
  expect(await send(port)).toMatch(/^250 /);
  expect(await server.stop()).toBe(0);
});

test('limits are those of the server, not of each worker', { timeout: 60_000 }, async () => {
  const port = await freePort();
  configure(`smtp tcp://127.0.0.1:${port} {\n limits { all rate 3 1h }\n deliver_to dummy\n }`);
  await serve(2);
  const replies = await Promise.all(Array.from({ length: 9 }, () => send(port)));
  expect(replies.map((reply) => reply.slice(0, 9)).sort()).toEqual([
    ...Array(3).fill('250 2.0.0'),
    ...Array(6).fill('451 4.4.5'),
  ]);
});

test('a reload reaches all of them', { timeout: 60_000 }, async () => {
  const port = await freePort();
  const refusing = (text: string) => configure(`smtp tcp://127.0.0.1:${port} { reject 550 5.7.1 "${text}" }`);
  refusing('old');
  const server = await serve(2);
  const session = await WireClient.connect(port);
  await session.reply();
  refusing('new');
  server.signal('SIGUSR2');
  await server.logged(/^new server started/m);
  const replies = await Promise.all(Array.from({ length: 8 }, () => send(port)));
  expect(new Set(replies.map((reply) => reply.replace(/ \(.*/, '')))).toEqual(new Set(['550 5.7.1 new']));
  await session.say('EHLO client.test');
  await session.say('MAIL FROM:<a@x.test>');
  expect(await session.say('RCPT TO:<b@y.test>')).toMatch(/^550 5\.7\.1 old/);
  expect(server.log).not.toMatch(/^old server stopped/m);
  session.destroy();
  await server.logged(/^old server stopped/m);
  // Nobody is left with the old one: each has ended before the others have changed.
  server.signal('SIGUSR2');
  await expect.poll(() => count(server.log, /^old server stopped/), { timeout: 10_000 }).toBe(2);
  expect(server.log).toMatch(/^stopping old server\t?\nold server stopped/m);
  configure('smtp nonsense { }');
  server.signal('SIGUSR2');
  await server.logged(/^failed to load new configuration/m);
  expect(await send(port)).toMatch(/^550 5\.7\.1 new/);
});

test('a reload while no worker lives is not lost', { timeout: 60_000 }, async () => {
  const port = await freePort();
  const refusing = (text: string) => configure(`smtp tcp://127.0.0.1:${port} { reject 550 5.7.1 "${text}" }`);
  refusing('old');
  const server = await serve(2);
  refusing('new');
  for (const pid of workersOf(server)) process.kill(pid, 'SIGKILL');
  await expect.poll(() => count(server.log, /^a worker ended/), { interval: 5 }).toBe(2);
  server.signal('SIGUSR2');
  await server.logged(/^new server started/m);
  expect(await send(port)).toMatch(/^550 5\.7\.1 new/);
  await expect.poll(() => workersOf(server).length, { timeout: 10_000 }).toBe(2);
  expect(await send(port)).toMatch(/^550 5\.7\.1 new/);
});

test('workers that die again and again while a reload is under way come up with what it brings', {
  timeout: 60_000,
}, async () => {
  const port = await freePort();
  configure(`smtp tcp://127.0.0.1:${port} { deliver_to dummy }`);
  const server = await serve(2);
  configure(`smtp tcp://127.0.0.1:${port} { reject 550 5.7.1 "no more" }`);
  const killAll = (): void => {
    for (const pid of workersOf(server)) if (pid > 0) process.kill(pid, 'SIGKILL');
  };
  killAll();
  server.signal('SIGUSR2');
  let killed = 0;
  while (killed < 4) {
    await expect.poll(() => workersOf(server)[0], { timeout: 10_000 }).toBeGreaterThan(0);
    killAll();
    killed += 1;
  }
  await server.logged(/^new server started/m);
  expect(server.log).not.toMatch(/^failed to/m);
  await expect.poll(() => send(port).catch(() => ''), { timeout: 20_000 }).toMatch(/^550 5\.7\.1 no more/);
  await expect.poll(() => workersOf(server).length, { timeout: 20_000 }).toBe(2);
  expect(await server.stop()).toBe(0);
});

test('all of them and the primary write where the log directive says', { timeout: 60_000 }, async () => {
  const port = await freePort();
  const [first, second] = [join(directory, 'first.log'), join(directory, 'second.log')];
  const loggingTo = (path: string) => configure(`log ${path}\nsmtp tcp://127.0.0.1:${port} { deliver_to dummy }`);
  loggingTo(first);
  const server = ServerProcess.launch(['run', file, '--workers', '2']);
  running.push(server);
  const readings = (path: string) => () => readFileSync(path, { encoding: 'utf8', flag: 'a+' });
  await expect.poll(readings(first), { timeout: 20_000 }).toContain(' server started\t');
  loggingTo(second);
  server.signal('SIGUSR2');
  await expect.poll(readings(second), { timeout: 20_000 }).toContain(' new server started\t');
  expect(await server.stop()).toBe(0);
  expect(readings(second)()).toMatch(/ server stopped\t\n$/);
  expect(server.log).toBe('loading configuration...\t\n');
});

test('a port that is taken keeps all of them from starting', { timeout: 60_000 }, async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  configure(`smtp tcp://127.0.0.1:${port} { deliver_to dummy }`);
  const server = ServerProcess.launch(['run', file, '--workers', '2']);
  expect(await server.ended()).toBe(1);
  expect(server.log).toMatch(
    /^Error: failed to start module smtp: smtp: listen tcp 127\.0\.0\.1:\d+: bind: address already in use$/m,
  );
  taken.close();
});

test('all put mail into a queue, and what one accepted another delivers when it has died', {
  timeout: 60_000,
}, async () => {
  const port = await freePort();
  configure(`target.maildir boxes { path mail }
target.queue out {
  post_init_delay 0s
  target &boxes
}
smtp tcp://127.0.0.1:${port} { deliver_to &out }`);
  const server = await serve(2);
  // What was delivered a moment before the end may be delivered again: its writer cannot tell (RFC 5321 section 6.1).
  const delivered = (): ReadonlySet<string> => {
    const folder = join(directory, 'state', 'mail', 'new');
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const subjectOf = (text: string): string => /^Subject: (.*)$/m.exec(text)?.[1] ?? '';
    return new Set(names.map((name) => subjectOf(readFileSync(join(folder, name), 'utf8'))));
  };
  const send = async (subject: string): Promise<void> => {
    const client = await WireClient.connect(port);
    await client.reply();
    for (const line of ['EHLO client.test', 'MAIL FROM:<a@x.test>', 'RCPT TO:<b@y.test>', 'DATA'])
      await client.say(line);
    expect(await client.say(`Subject: ${subject}`, '', 'x', '.')).toBe('250 2.0.0 OK: queued');
    client.destroy();
  };
  const sent = Array.from({ length: 16 }, (_, at) => `message ${String(at).padStart(2, '0')}`);
  await Promise.all(sent.map(send));
  await expect.poll(delivered, { timeout: 20_000 }).toEqual(new Set(sent));
  // The first one keeps the queue.
  process.kill(workersOf(server)[0] ?? 0, 'SIGKILL');
  await send('message 99');
  await expect.poll(delivered, { timeout: 30_000 }).toEqual(new Set([...sent, 'message 99']));
  expect(await server.stop()).toBe(0);
});

test('leave no socket file behind that was in their way to start again, also after a reload', {
  timeout: 60_000,
}, async () => {
  const [first, second] = [join(directory, 'run', 'first.sock'), join(directory, 'run', 'second.sock')];
  configure(`smtp unix://${first} { deliver_to dummy }`);
  for (let round = 0; round < 2; round += 1) {
    const server = await serve(2, directory);
    expect(existsSync(first)).toBe(true);
    await server.stop();
    expect(existsSync(first)).toBe(false);
  }
  const server = await serve(2, directory);
  for (const [socket, gone] of [
    [second, first],
    [first, second],
  ] as const) {
    configure(`smtp unix://${socket} { deliver_to dummy }`);
    const told = count(server.log, /^new server started/);
    server.signal('SIGUSR2');
    await eventually(() => count(server.log, /^new server started/) > told);
    await eventually(() => existsSync(socket) && !existsSync(gone));
  }
});
