import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWatching, type Watching } from '../kit/watching.ts';

const mailboxes = 'msgpipeline mailboxes {\n    deliver_to dummy\n}\n';
const listener = (target: string): string =>
  `hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to ${target}\n}\n`;

let cwd: string;
let watching: Watching | null = null;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'maddyc-watch-'));
});
afterEach(() => {
  watching?.kill();
  watching = null;
  rmSync(cwd, { recursive: true });
});

const put = (path: string, text: string): void => writeFileSync(join(cwd, path), text);

test('checks again what depends on the file that changed, and only that', async () => {
  put('maddy.conf', `import part.conf\n${listener('&mailboxes')}`);
  put('part.conf', '');
  put('other.conf', listener('&gone'));
  watching = startWatching(cwd, 'check', 'maddy.conf', 'other.conf');
  const { report, exited, stop } = watching;
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
  watching = startWatching(cwd, 'check', '.');
  const { report, exited, stop } = watching;
  await report('maddy.conf: no findings');
  put('second.maddy', listener('&gone'));
  await report('2 configurations: 1 error');
  put('maddyc.json', '{ "mainFiles": ["maddy.conf"] }');
  await report('maddy.conf: no findings');
  stop();
  expect(await exited).toBe(0);
});
