import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands } from '../../cli/commands.ts';
import { hasCommand } from '../kit/service-packages.ts';

const page = new URL('../../man/maddyc.1', import.meta.url);
const reference = new URL('../../docs/cli.md', import.meta.url);
const shown = commands.filter((entry) => !entry.hidden).map((entry) => entry.name);

test('the manual page and docs/cli.md have every command and nothing that is not there', () => {
  const inManual = [...readFileSync(page, 'utf8').matchAll(/^\.Ss maddyc (.+)$/gm)].map(([, name]) => name);
  const inReference = [...readFileSync(reference, 'utf8').matchAll(/^maddyc (.+)$/gm)].map(([, usage]) => usage);
  expect(inManual.toSorted()).toEqual(shown.toSorted());
  for (const name of shown) expect(inReference.some((usage) => usage?.startsWith(name))).toBe(true);
});

test.skipIf(!hasCommand('mandoc'))('the manual page has no fault that mandoc knows', () => {
  const { stdout } = spawnSync('mandoc', ['-T', 'lint', page.pathname], { encoding: 'utf8' });
  expect(stdout).toBe('');
});
