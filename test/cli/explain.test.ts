import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { allCodes } from '../../compiler/diagnostics/codes.ts';
import { runCli } from '../kit/io.ts';

const here = { cwd: tmpdir() };

test('shows a finding by code and by name, with both samples', async () => {
  const byCode = await runCli(['explain', 'm3105'], here);
  expect(byCode.code).toBe(0);
  expect(byCode.stdout).toContain('M3105 reply-code-mismatch (warning)');
  expect(byCode.stdout).toContain('    reject 450 5.7.1 "Try again later"');
  expect(byCode.stdout).toContain('    reject 450 4.7.1 "Try again later"');
  expect(await runCli(['explain', 'reply-code-mismatch'], here)).toEqual(byCode);
});

test('lists all findings without a word', async () => {
  const { stdout } = await runCli(['explain'], here);
  for (const { code, name } of allCodes()) expect(stdout).toMatch(new RegExp(`${code}  ${name} `));
});

test('as JSON has the page, or the list', async () => {
  expect(JSON.parse((await runCli(['explain', 'M3105', '--json'], here)).stdout)).toMatchObject({
    version: 1,
    code: 'M3105',
    name: 'reply-code-mismatch',
    severity: 'warning',
    docs: 'docs/rules/M3105.md',
    invalid: expect.stringContaining('reject 450 5.7.1'),
  });
  const { version, findings } = JSON.parse((await runCli(['explain', '--json'], here)).stdout);
  expect(version).toBe(1);
  expect(findings).toHaveLength(allCodes().length);
});

test.each([
  ['reply-code', 'did you mean reply-code-mismatch?'],
  ['unknwon-name', 'did you mean unknown-name?'],
  ['nothing-like-it-at-all', 'maddyc explain lists them all'],
])('helps with a word that is no finding: %s', async (word, help) => {
  const { code, stdout, stderr } = await runCli(['explain', word], here);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(help);
});
