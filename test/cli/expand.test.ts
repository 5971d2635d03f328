import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../kit/io.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'maddyc-expand-'));
  writeFileSync(
    join(cwd, 'maddy.conf'),
    '$(domains) = example.org example.net\nimport common\nhostname {env:HOST}\ndestination $(domains) {\n    import route\n}\n',
  );
  writeFileSync(join(cwd, 'common.conf'), '(route) {\n    reject 550 5.1.1 "User unknown"\n}\ndebug yes\n');
});
afterEach(() => rmSync(cwd, { recursive: true }));

const env = { HOST: 'mx.example.org' };

test('writes the effective configuration', async () => {
  expect(await runCli(['expand'], { cwd, env })).toEqual({
    code: 0,
    stdout:
      'debug yes\nhostname mx.example.org\ndestination example.org example.net {\n    reject 550 5.1.1 "User unknown"\n}\n',
    stderr: '',
  });
});

test('--keep-env leaves the environment to run', async () => {
  expect((await runCli(['expand', '--keep-env'], { cwd })).stdout).toContain('hostname {env:HOST}\n');
});

test('--json tells the file and line of each directive', async () => {
  const { code, stdout } = await runCli(['expand', '--json'], { cwd, env });
  expect(code).toBe(0);
  const node = (name: string, args: string[], file: string, line: number, children: unknown = null) => ({
    name,
    args,
    children,
    file,
    line,
    snippet: false,
    macro: false,
  });
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    ok: true,
    nodes: [
      node('debug', ['yes'], 'common', 4),
      node('hostname', ['mx.example.org'], 'maddy.conf', 3),
      node('destination', ['example.org', 'example.net'], 'maddy.conf', 4, [
        node('reject', ['550', '5.1.1', 'User unknown'], 'common', 2),
      ]),
    ],
  });
});

test('says what is wrong, at its place', async () => {
  const result = await runCli(['expand', '-'], { cwd, stdin: 'check {\n    spf\n' });
  expect(result.code).toBe(1);
  expect(result.stdout).toBe('');
  expect(result.stderr).toContain('error[M1002]: this block of "check" is never closed');
});

test('says what cannot be written', async () => {
  const result = await runCli(['expand', '-'], { cwd, stdin: 'a {env:X}\n', env: { X: '{' } });
  expect(result).toMatchObject({ code: 1, stdout: 'a "{"\n' });
  expect(result.stderr).toBe('-:1:3: the value "{" cannot be written as text: a lone "{" always opens a block\n');
});

test('a plan has no text to show', async () => {
  const configuration = 'hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:25 {\n    deliver_to dummy\n}\n';
  writeFileSync(join(cwd, 'whole.conf'), configuration);
  const compiled = (...args: string[]) => runCli(['compile', 'whole.conf', ...args], { cwd });
  expect((await compiled('-o', 'plan.json')).code).toBe(0);
  const { code, stderr } = await runCli(['expand', 'plan.json'], { cwd });
  expect([code, stderr.split('\n')[0]]).toEqual([2, 'maddyc: plan.json is a compiled plan']);
  expect(await compiled('-o', 'nowhere/plan.json')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'maddyc: nowhere/plan.json: cannot be written: no such file or directory\n',
  });
});
