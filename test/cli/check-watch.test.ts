import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';

const entry = new URL('../../cli/entry.ts', import.meta.url).pathname;
const mailboxes = 'msgpipeline mailboxes {\n    deliver_to dummy\n}\n';
const listener = (target: string): string =>
  `hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to ${target}\n}\n`;

let cwd: string;
let child: ChildProcessByStdio<null, Readable, Readable> | null = null;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'maddyc-watch-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  child = null;
  rmSync(cwd, { recursive: true });
});

const put = (path: string, text: string): void => writeFileSync(join(cwd, path), text);

/** Both streams in one; `report` waits for one that says this: a file that is written in two steps may give two. */
function startWatching(...args: readonly string[]) {
  const started = spawn(process.execPath, [entry, 'check', '--watch', ...args], {
    cwd,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let written = '';
  let wake = (): void => {};
  for (const stream of [started.stdout, started.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      written += chunk.toString();
      wake();
    });
  }
  const exited = new Promise<number | null>((done) => started.on('exit', done));
  const next = async (): Promise<string> => {
    const end = 'watching; Ctrl+C ends it\n';
    while (!written.includes(end)) {
      await new Promise<void>((done) => {
        wake = done;
      });
    }
    const at = written.indexOf(end) + end.length;
    const part = written.slice(0, at);
    written = written.slice(at);
    return part;
  };
  const report = async (words: string): Promise<string> => {
    for (;;) {
      const part = await next();
      if (part.includes(words)) return part;
    }
  };
  return { report, exited, stop: () => started.kill('SIGINT') };
}

test('checks again what depends on the file that changed, and only that', async () => {
  put('maddy.conf', `import part.conf\n${listener('&mailboxes')}`);
  put('part.conf', '');
  put('other.conf', listener('&gone'));
  const { report, exited, stop } = startWatching('maddy.conf', 'other.conf');
  expect(await report('no block named "mailboxes"')).toContain('no block named "gone"');

  put('unrelated.txt', 'x');
  put('part.conf', mailboxes);
  const second = await report('part.conf changed');
  expect(second).not.toContain('"mailboxes"');
  expect(second).toContain('no block named "gone"');

  // As editors save: another file takes the place of the old one.
  put('other.new', listener('dummy'));
  renameSync(join(cwd, 'other.new'), join(cwd, 'other.conf'));
  await report('2 configurations: no findings');

  rmSync(join(cwd, 'maddy.conf'));
  await report('maddyc: maddy.conf: no such file or directory');
  put('maddy.conf', `import part.conf\n${listener('&mailbox')}`);
  await report('no block named "mailbox"');
  stop();
  expect(await exited).toBe(1);
});

test('sees configurations that come into a folder', async () => {
  put('maddy.conf', listener('dummy'));
  const { report, exited, stop } = startWatching('.');
  await report('maddy.conf: no findings');
  put('second.maddy', listener('&gone'));
  await report('2 configurations: 1 error');
  put('maddyc.json', '{ "mainFiles": ["maddy.conf"] }');
  await report('maddy.conf: no findings');
  stop();
  expect(await exited).toBe(0);
});
