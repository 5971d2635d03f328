import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { chooseProgram, ownProgram, reasonAgainst } from '../../vscode-extension/src/run/own-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'maddyc-program-'));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder of its own is all that there is to look in. */
function installed(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
  vi.stubEnv('PATH', folder);
  return path;
}

test('an installed maddyc is taken', () => {
  const path = installed('maddyc');
  expect(chooseProgram('maddyc', '/extension')).toEqual({
    ok: true,
    own: false,
    program: { command: path, args: [], env: {} },
  });
});

test('one that the setting names is taken', () => {
  const path = installed('other');
  expect(chooseProgram(path, '/extension')).toEqual({
    ok: true,
    own: false,
    program: { command: path, args: [], env: {} },
  });
});

test.each(['maddyc', '', ' '])(
  'without one, and no other named by "%s", the package\'s own runs on this Node',
  (setting) => {
    vi.stubEnv('PATH', join(folder, 'nothing'));
    expect(chooseProgram(setting, '/extension')).toEqual({
      ok: true,
      own: true,
      program: {
        command: process.execPath,
        args: [join('/extension', 'dist/program/cli.cjs')],
        env: { ELECTRON_RUN_AS_NODE: '1' },
      },
    });
    expect(chooseProgram(setting, '/extension')).toEqual(ownProgram('/extension'));
  },
);

test('a program that the setting names and that is not there is not replaced silently', () => {
  expect(chooseProgram('/nowhere/maddyc', '/extension')).toMatchObject({
    ok: false,
    named: true,
    message: expect.stringContaining('"/nowhere/maddyc"'),
  });
});

test.each([
  ['22.19.0', true, null],
  ['24.1.0', true, null],
  ['22.18.9', true, 'Node 22.18.9, and the mail server needs 22.19'],
  ['20.20.2', true, 'Node 20.20.2'],
  ['24.1.0', false, 'without SQLite'],
])('Node %s with SQLite %s: %s', (version, hasSqlite, reason) => {
  const message = reasonAgainst(version, hasSqlite);
  if (reason === null) expect(message).toBeNull();
  else expect(message).toContain(reason);
});
