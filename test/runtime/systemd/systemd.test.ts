import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../kit/free-port.ts';
import { ServerProcess } from '../../kit/server-process.ts';
import { WireClient } from '../../kit/wire-client.ts';

let directory: string;
let file: string;
let port: number;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-systemd-'));
  file = join(directory, 'maddy.conf');
  port = await freePort();
  configure('first');
});
afterEach(() => rmSync(directory, { recursive: true }));

function configure(text: string): void {
  const globals = `state_dir ${directory}/state\nruntime_dir ${directory}/run\nhostname mx.test\ntls off\n`;
  writeFileSync(file, `${globals}smtp tcp://127.0.0.1:${port} { reject 550 5.7.1 "${text}" }`);
}

test('systemd is told how the server fares', { timeout: 60_000 }, async () => {
  // In the place of systemd's own tool: writes down what it is given.
  const tool = join(directory, 'systemd-notify');
  writeFileSync(tool, `#!/bin/sh\necho "$NOTIFY_SOCKET" "$@" >> ${directory}/said\n`);
  chmodSync(tool, 0o755);
  const said = (): readonly string[] =>
    readFileSync(join(directory, 'said'), 'utf8')
      .replace(/MONOTONIC_USEC=\d+/g, 'MONOTONIC_USEC=N')
      .trim()
      .split('\n');
  const server = await ServerProcess.start(['run', file], {
    PATH: `${directory}${delimiter}${process.env.PATH}`,
    NOTIFY_SOCKET: '/run/notify',
    WATCHDOG_USEC: '200000',
  });
  configure('second');
  server.signal('SIGUSR2');
  await server.logged(/^new server started/m);
  server.signal('SIGUSR1');
  await server.logged(/rotating logs/m);
  await expect
    .poll(() => said().filter((line) => line.endsWith('WATCHDOG=1')).length, { timeout: 10_000 })
    .toBeGreaterThan(1);
  expect(await server.stop()).toBe(0);
  expect(said().filter((line) => !line.endsWith('WATCHDOG=1'))).toEqual([
    '/run/notify READY=1 STATUS=Configuration running.',
    '/run/notify RELOADING=1 MONOTONIC_USEC=N STATUS=Reloading server...',
    '/run/notify READY=1 STATUS=Configuration running.',
    '/run/notify RELOADING=1 MONOTONIC_USEC=N STATUS=Reopening logs...',
    '/run/notify READY=1 STATUS=Listening for incoming connections...',
    '/run/notify STOPPING=1 STATUS=Waiting for current configuration to stop...',
  ]);
});

/** Opens the port, starts the server with it as descriptor 3, and lets go of it: as systemd does for a socket unit. */
const holder = (listenPid: string): string => `
const { createServer } = require('node:net');
const { spawn } = require('node:child_process');
const held = createServer().listen(Number(process.argv[1]), '127.0.0.1', () => {
  const start = 'LISTEN_FDS=1 LISTEN_PID=${listenPid} exec "$0" "$@"';
  const server = spawn('sh', ['-c', start, ...process.argv.slice(2)], { stdio: ['ignore', 'ignore', 'inherit', held._handle.fd] });
  ${listenPid === '$$' ? 'held.close();' : ''}
  process.on('SIGINT', () => server.kill('SIGINT'));
  server.on('exit', (code) => process.exit(code));
});`;
const entry = join(import.meta.dirname, '..', '..', '..', 'cli', 'entry.ts');

function activated(listenPid: string): ServerProcess {
  const command = [process.execPath, '-e', holder(listenPid), String(port), process.execPath, entry] as const;
  return ServerProcess.launch(['run', file], { command });
}

test('serves on the socket that systemd has opened', { timeout: 60_000 }, async () => {
  const server = activated('$$');
  // It could not be bound once more.
  await server.logged(/^server started/m);
  const client = await WireClient.connect(port);
  expect(await client.reply()).toMatch(/^220 /);
  client.destroy();
  expect(await server.stop()).toBe(0);
});

test('sockets for another process are left alone', { timeout: 60_000 }, async () => {
  const server = activated('1');
  expect(await server.ended()).toBe(1);
  expect(server.log).toMatch(/bind: address already in use/);
});
