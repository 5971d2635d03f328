import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../kit/io.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'maddyc-dialect-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const put = (path: string, text: string): void => writeFileSync(join(cwd, path), text);
const run = async (...args: readonly string[]) => (await runCli(args, { cwd })).stdout;
/** One line in maddy, continued in the second Madmail (language section 16). */
const continued = 'hostname mx\\\nexample.org\n';

test('the option wins over the project, and the project over the text', async () => {
  put('maddy.conf', continued);
  expect(await run('fmt')).toBe(continued);
  expect(await run('fmt', '--dialect', 'madmail')).not.toBe(continued);
  expect(await run('expand', '--dialect', 'madmail-2')).toBe('hostname mx example.org\n');
  put('maddyc.json', '{ "dialect": "madmail-2" }');
  expect(await run('expand')).toBe('hostname mx example.org\n');
  expect(await run('fmt')).not.toBe(continued);
  expect(await run('fmt', '--dialect', 'maddy')).toBe(continued);
});

test('check and compile take it, too', async () => {
  put('maddy.conf', 'hostname mx.example.org\ntls off\nnonsense\nsmtp tcp://127.0.0.1:25 {\n    deliver_to dummy\n}\n');
  const severities = async (...args: readonly string[]): Promise<readonly string[]> =>
    JSON.parse(await run('check', '--json', ...args))
      .diagnostics.filter(({ code }: { code: string }) => code === 'M2101')
      .map(({ severity }: { severity: string }) => severity);
  expect(await severities()).toEqual(['error']);
  expect(await severities('--dialect', 'madmail-2')).toEqual(['warning']);
  const { code, stderr } = await runCli(['compile', '--dialect', 'madmail'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('nonsense');
});
