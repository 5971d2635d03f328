import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../kit/io.ts';

const untidy = 'hostname   "mx.example.org"\n\n\n\ncheck {\n  spf # first\n}\n';
const tidy = 'hostname mx.example.org\n\ncheck {\n    spf # first\n}\n';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'maddyc-fmt-'));
  writeFileSync(join(cwd, 'maddy.conf'), untidy);
});
afterEach(() => rmSync(cwd, { recursive: true }));

const content = (path: string): string => readFileSync(join(cwd, path), 'utf8');

test('prints the file that lies here, and leaves it alone', async () => {
  expect(await runCli(['fmt'], { cwd })).toEqual({ code: 0, stdout: tidy, stderr: '' });
  expect(content('maddy.conf')).toBe(untidy);
});

test('formats standard input', async () => {
  expect(await runCli(['fmt', '-'], { cwd, stdin: untidy })).toEqual({ code: 0, stdout: tidy, stderr: '' });
});

test('--write changes files, keeps their mode, and follows links', async () => {
  mkdirSync(join(cwd, 'conf.d'));
  writeFileSync(join(cwd, 'conf.d', 'more.conf'), untidy);
  writeFileSync(join(cwd, 'conf.d', 'notes.txt'), untidy);
  chmodSync(join(cwd, 'maddy.conf'), 0o640);
  symlinkSync('maddy.conf', join(cwd, 'link.conf'));
  const result = await runCli(['fmt', '--write', 'link.conf', 'conf.d'], { cwd });
  expect(result).toEqual({ code: 0, stdout: '', stderr: 'formatted link.conf\nformatted conf.d/more.conf\n' });
  expect(content('maddy.conf')).toBe(tidy);
  expect(content('conf.d/more.conf')).toBe(tidy);
  expect(content('conf.d/notes.txt')).toBe(untidy);
  expect(statSync(join(cwd, 'maddy.conf')).mode & 0o777).toBe(0o640);
  expect(lstatSync(join(cwd, 'link.conf')).isSymbolicLink()).toBe(true);
  expect(await runCli(['fmt', '--check', '.'], { cwd })).toEqual({ code: 0, stdout: '', stderr: '' });
});

test.each([['plan.json'], ['--write', 'plan.json'], ['--check', 'plan.json'], ['-']])(
  'a plan is not formatted: %s',
  async (...args) => {
    const plan = '{\n  "version": 1,  "blocks": {}\n}\n';
    writeFileSync(join(cwd, 'plan.json'), plan);
    const name = args.at(-1);
    expect(await runCli(['fmt', ...args], { cwd, stdin: plan })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`${name} is a compiled plan`),
    });
    expect(content('plan.json')).toBe(plan);
  },
);

test('--write keeps bytes that are no text', async () => {
  writeFileSync(join(cwd, 'latin.conf'), Buffer.from('a   b # caf\xe9\n', 'latin1'));
  await runCli(['fmt', '--write', '--quiet', 'latin.conf'], { cwd });
  expect(readFileSync(join(cwd, 'latin.conf'))).toEqual(Buffer.from('a b # caf\xe9\n', 'latin1'));
});

test('--check names what would change', async () => {
  expect(await runCli(['fmt', '--check', 'maddy.conf'], { cwd })).toEqual({
    code: 1,
    stdout: 'maddy.conf\n',
    stderr: '',
  });
  expect(content('maddy.conf')).toBe(untidy);
});

test('--diff shows what would change', async () => {
  const { code, stdout } = await runCli(['fmt', '--diff', 'maddy.conf'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain('-hostname   "mx.example.org"\n+hostname mx.example.org\n');
});

test('leaves what is broken, and formats the rest', async () => {
  const stdin = 'hostname   "mx"\n\ncheck {\n  spf {\n  }   }\n\n\ntls   off\n';
  expect((await runCli(['fmt', '-'], { cwd, stdin })).stdout).toBe(
    'hostname mx\n\ncheck {\n  spf {\n  }   }\n\ntls off\n',
  );
});

test.each([
  [['fmt', 'nope.conf'], 'nope.conf: no such file or directory'],
  [['fmt', '--write', '-'], '--write cannot write standard input'],
  [['fmt', '--write', '--check', 'maddy.conf'], '--write goes without --check and --diff'],
])('%j is wrong use', async (args, message) => {
  expect(await runCli(args, { cwd })).toEqual({ code: 2, stdout: '', stderr: `maddyc: ${message}\n` });
});
