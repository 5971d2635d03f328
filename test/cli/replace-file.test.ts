import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from '../../cli/replace-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maddyc-replace-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = Buffer.from('new');

it('keeps the mode of what it replaces, and leaves nothing beside it', () => {
  const path = join(folder, 'a.conf');
  writeFileSync(path, 'old');
  chmodSync(path, 0o640);
  replaceFile(path, bytes);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(['a.conf']);
});

it('writes through a symbolic link', () => {
  const path = join(folder, 'link.conf');
  writeFileSync(join(folder, 'real.conf'), 'old');
  symlinkSync('real.conf', path);
  replaceFile(path, bytes);
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, 'real.conf'), 'utf8')).toBe('new');
});

it('writes to a pipe as it is', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = spawn('cat', [path]);
  replaceFile(path, bytes, { mode: 0o600 });
  expect(await text(reader.stdout)).toBe('new');
  expect(lstatSync(path).isFIFO()).toBe(true);
});

it('does not make a file that must be there', () => {
  expect(() => replaceFile(join(folder, 'none.conf'), bytes)).toThrow(/ENOENT/);
  replaceFile(join(folder, 'made.conf'), bytes, { mode: 0o600 });
  expect(statSync(join(folder, 'made.conf')).mode & 0o777).toBe(0o600);
});
