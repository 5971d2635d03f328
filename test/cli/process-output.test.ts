import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Standard output as a process has it: a full disk, a reader that goes away. */

const entry = join(import.meta.dirname, '..', '..', 'cli', 'entry.ts');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'maddyc-output-'));
  const rules = Array.from({ length: 3000 }, (_, at) => `destination u${at}@here.test {\n deliver_to dummy\n}\n`);
  const text = `lmtp tcp://127.0.0.1:24 {\n${rules.join('')}default_destination {\n reject\n}\n}\n`;
  writeFileSync(join(folder, 'maddy.conf'), text);
});

afterAll(() => rmSync(folder, { recursive: true }));

async function expandTo(stdout: number | Socket): Promise<{ readonly code: number | null; readonly told: string }> {
  const child = spawn(process.execPath, [entry, 'expand', join(folder, 'maddy.conf')], {
    stdio: ['ignore', stdout, 'pipe'],
  });
  let told = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  await once(child, 'close');
  return { code: child.exitCode, told };
}

test('a full disk is no fault of ours', async () => {
  expect(await expandTo(openSync('/dev/full', 'w'))).toEqual({
    code: 2,
    told: 'maddyc: standard output cannot be written: no space left on device\n',
  });
});

test('a reader that goes away ends it without a word, also while it is slow', async () => {
  const server = createServer((reader) => {
    // A socket does not block: what it cannot take at once goes through Node's stream.
    reader.pause();
    setTimeout(() => reader.resetAndDestroy(), 1500);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const socket = connect(address.port, '127.0.0.1');
  await once(socket, 'connect');
  const { code, told } = await expandTo(socket);
  socket.destroy();
  server.close();
  expect(told).toBe('');
  expect(code).toBe(0);
});

test('the exit code tells what was found, also to nobody', async () => {
  const rules = Array.from({ length: 3000 }, (_, at) => `destination u${at}@here.test {\n deliver_to &none\n}\n`);
  writeFileSync(join(folder, 'bad.conf'), `lmtp tcp://127.0.0.1:24 {\n${rules.join('')}}\n`);
  const child = spawn(process.execPath, [entry, 'check', join(folder, 'bad.conf')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  await once(child, 'close');
  expect(told).toMatch(/^\n.*bad[.]conf: \d+ errors[^\n]*\n$/);
  expect(child.exitCode).toBe(1);
});
