import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../kit/free-port.ts';
import { WireClient } from '../../kit/wire-client.ts';

const child = fileURLToPath(new URL('../../kit/serve-child.ts', import.meta.url));

let directory: string;
let port: number;
let running: ServerProcess | null;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-serve-'));
  port = await freePort();
  running = null;
});

afterEach(async () => {
  await running?.kill();
  rmSync(directory, { recursive: true });
});

class ServerProcess {
  readonly #process: ChildProcess;
  #stderr = '';
  #woken: () => void = () => {};

  constructor(file: string, env: Readonly<Record<string, string>> = {}) {
    this.#process = spawn(process.execPath, [child, file], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
      this.#woken();
    });
  }

  get lines(): readonly string[] {
    return this.#stderr.split('\n').slice(0, -1);
  }

  async line(start: string): Promise<void> {
    while (!this.lines.some((line) => line.startsWith(start))) {
      await new Promise<void>((resolve) => {
        this.#woken = resolve;
      });
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  async exitCode(): Promise<number | null> {
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
    return this.#process.exitCode;
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, 'exit');
  }
}

function configure(text: string, globals = ''): string {
  const file = join(directory, 'maddy.conf');
  writeFileSync(
    file,
    `state_dir ${directory}/state
runtime_dir ${directory}/run
${globals}
hostname mx.example.test
tls off
smtp tcp://127.0.0.1:${port} {
    reject 550 5.7.1 "${text}"
}
`,
  );
  return file;
}

async function start(file: string, env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  running = new ServerProcess(file, env);
  await running.line('server started');
  return running;
}

describe('stop', () => {
  test.each([
    ['SIGINT', 'interrupt'],
    ['SIGTERM', 'terminated'],
    ['SIGHUP', 'hangup'],
  ] as const)('%s ends it cleanly, also right after the ready line', async (signal, name) => {
    const server = await start(configure('no'));
    server.signal(signal);
    expect(await server.exitCode()).toBe(0);
    expect(server.lines).toEqual([
      'loading configuration...\t',
      'configuration loaded\t',
      `smtp: listening on tcp://127.0.0.1:${port}\t`,
      'server started\t{"version":"1.2.3"}',
      `signal received (${name}), next signal will force immediate shutdown.\t`,
      'server stopping...\t',
      'server stopped\t',
    ]);
  });

  test('idle sessions are told to go (R9); a second signal waits for nobody', async () => {
    const server = await start(configure('no'));
    const client = await WireClient.connect(port);
    await client.reply();
    server.signal('SIGINT');
    await server.line('server stopping...');
    await expect(WireClient.connect(port)).rejects.toThrow('ECONNREFUSED');
    expect(await client.reply()).toBe('421 4.3.2 Service is shutting down, please come back');
    client.destroy();
    expect(await server.exitCode()).toBe(0);

    const other = await start(configure('no'));
    const silent = await WireClient.connect(port);
    await silent.reply();
    other.signal('SIGINT');
    await other.line('server stopping...');
    other.signal('SIGINT');
    expect(await other.exitCode()).toBe(1);
    expect(other.lines.at(-1)).toBe('forced shutdown due to signal (false)!\t');
    silent.destroy();
  });
});

test('a signal that the launcher passes on as well is one signal', async () => {
  const server = await start(configure('no'), { MADDYC_REEXEC: '1' });
  const client = await WireClient.connect(port);
  await client.reply();
  server.signal('SIGINT');
  await server.line('server stopping...');
  server.signal('SIGINT');
  expect(await client.reply()).toBe('421 4.3.2 Service is shutting down, please come back');
  client.destroy();
  expect(await server.exitCode()).toBe(0);
});

test('SIGUSR2 changes the configuration; one that is wrong changes nothing', async () => {
  const server = await start(configure('old'));
  const answer = async (): Promise<string> => {
    const client = await WireClient.connect(port);
    await client.reply();
    await client.say('HELO client.test');
    await client.say('MAIL FROM:<a@x.test>');
    const reply = await client.say('RCPT TO:<b@x.test>');
    client.destroy();
    return reply.replace(/ \(msg.*/, '');
  };
  configure('new');
  server.signal('SIGUSR2');
  await server.line('new server started');
  expect(await answer()).toBe('550 5.7.1 new');
  writeFileSync(join(directory, 'maddy.conf'), 'hostname {');
  server.signal('SIGUSR2');
  await server.line('failed to load new configuration');
  expect(await answer()).toBe('550 5.7.1 new');
  server.signal('SIGINT');
  expect(await server.exitCode()).toBe(0);
});

test('SIGUSR1 opens the log anew, also one that the configuration names (D17)', async () => {
  const log = join(directory, 'maddy.log');
  running = new ServerProcess(configure('no', `log ${log}`));
  await expect.poll(() => readIfThere(log), { timeout: 15_000 }).toContain('server started');
  renameSync(log, `${log}.1`);
  running.signal('SIGUSR1');
  await expect.poll(() => readIfThere(`${log}.1`)).toContain('rotating logs');
  running.signal('SIGINT');
  expect(await running.exitCode()).toBe(0);
  expect(readIfThere(log)).toContain('server stopped');
  expect(running.lines).toEqual(['loading configuration...\t']);
});

test('a reader of the log outside does not keep the process', async () => {
  running = new ServerProcess(configure('no', 'log syslog'));
  await expect
    .poll(() => WireClient.connect(port).then((client) => client.destroy()), { timeout: 15_000 })
    .toBe(undefined);
  running.signal('SIGINT');
  expect(await running.exitCode()).toBe(0);
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

test('what cannot start says so and ends', async () => {
  const server = await start(configure('no'));
  const second = new ServerProcess(join(directory, 'maddy.conf'));
  expect(await second.exitCode()).toBe(1);
  expect(second.lines).toEqual([
    'loading configuration...\t',
    'configuration loaded\t',
    `Error: failed to start module smtp: smtp: listen tcp 127.0.0.1:${port}: bind: address already in use`,
  ]);
  server.signal('SIGINT');
  expect(await server.exitCode()).toBe(0);
});
