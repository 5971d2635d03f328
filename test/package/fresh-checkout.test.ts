import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maddyc-fresh-'));
  for (const path of ['scripts', 'compiler', 'grammar', 'package.json']) {
    cpSync(join(root, path), join(folder, path), {
      recursive: true,
      filter: (source) => source !== join(root, 'compiler/generated'),
    });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what is not committed can be made from what is', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/generate.ts', '--built'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const name of ['config-validators.js', 'plan-validator.js', 'value-validators.js']) {
    expect(existsSync(join(folder, 'compiler/generated', name)), name).toBe(true);
  }
});
