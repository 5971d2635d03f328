import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reasonOf, systemReasonOf } from '../../runtime/reason-of.ts';

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return null;
}

test('a refusal of the system is told as maddy tells it', async () => {
  const missing = thrownBy(() => readFileSync('/nonexistent/key.pem'));
  expect(reasonOf(missing)).toBe('open /nonexistent/key.pem: no such file or directory');
  expect(systemReasonOf(missing)).toBe('no such file or directory');
  expect(reasonOf(thrownBy(() => readFileSync('/dev/null/x')))).toBe('open /dev/null/x: not a directory');
  const [unstarted] = await once(spawn('/nonexistent/program'), 'error').catch((error: unknown) => [error]);
  expect(reasonOf(unstarted)).toBe('spawn /nonexistent/program ENOENT');
  expect(reasonOf('words')).toBe('words');
  expect(systemReasonOf(new Error('ours'))).toBe('ours');
});
