import { expect, test } from 'vitest';
import { reportFault } from '../../cli/fault.ts';
import { createIo, runCli } from '../kit/io.ts';

function reported(...args: string[]): string {
  const { io, written } = createIo({ cwd: import.meta.dirname });
  reportFault(new Error('no queue'), args, io);
  return written.stderr;
}

test('a fault is told with what a report needs', () => {
  const text = reported('check', 'maddy.conf');
  expect(text).toMatch(/^maddyc: this is a fault of maddyc, not of your configuration: no queue\n/);
  expect(text).toMatch(/please report it at https:\/\/\S+\/issues /);
  expect(text).toContain('arguments: "check" "maddy.conf"\n');
  expect(text).not.toContain(import.meta.dirname);
  expect(reported('check', '--verbose')).toContain(import.meta.dirname);
});

test.each([
  ['-p', 'secret', 'ann'],
  ['-p=secret', 'ann'],
  ['-psecret', 'ann'],
  ['--password', 'secret', 'ann'],
  ['-password', 'secret', 'ann'],
  ['--password=secret', 'ann'],
])('no password of %j gets into a report', (...args) => {
  const text = reported('creds', 'create', ...args);
  expect(text).not.toContain('secret');
  expect(text).toContain('"ann"');
});

test('every command takes --verbose', async () => {
  expect(await runCli(['version', '--verbose'], { cwd: import.meta.dirname })).toMatchObject({ code: 0 });
});
