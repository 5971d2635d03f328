import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenTests } from '../kit/golden.ts';
import { runCli } from '../kit/io.ts';
import { describeWithServices } from '../kit/services.ts';

const golden = new URL('../golden/dovecot-render/', import.meta.url);

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'maddyc-render-'));
});
afterAll(() => rmSync(cwd, { recursive: true }));

/** The first line says with which options. */
const optionsOf = (text: string): readonly string[] =>
  (/^# render:(.*)$/m.exec(text)?.[1] ?? '').split(' ').filter((word) => word !== '');

describe('the rendered text, and what has to be known', () => {
  goldenTests('dovecot-render', async (text) => {
    const { code, stdout, stderr } = await runCli(['dovecot', 'render', '-', ...optionsOf(text)], { cwd, stdin: text });
    expect(code).toBe(0);
    return `${stdout}\n${stderr}`;
  });
});

describeWithServices('a real Dovecot 2.3', ['dovecot'], () => {
  it.each(readdirSync(golden).filter((name) => name.includes('2.3')))('takes %s', async (name) => {
    const [text = ''] = readFileSync(new URL(name, golden), 'utf8').split('----------\n');
    // The certificate is looked for when the file is read.
    const readable = text.replace(/^tls file .*$/m, 'tls self_signed');
    const { stdout } = await runCli(['dovecot', 'render', '-', ...optionsOf(text)], { cwd, stdin: readable });
    const path = join(cwd, name);
    writeFileSync(path, stdout);
    const effective = execFileSync('doveconf', ['-n', '-c', path], { encoding: 'utf8' });
    for (const listener of stdout.matchAll(/(?:unix|inet)_listener \S+/g)) expect(effective).toContain(listener[0]);
    expect(effective).toMatch(/^protocols = imap lmtp$/m);
  });
});

it('says what to do with a file that knows no Dovecot', async () => {
  const stdin = 'hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:25 {\n    deliver_to dummy\n}\n';
  const { code, stdout, stderr } = await runCli(['dovecot', 'render', '-'], { cwd, stdin });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('maddyc dovecot migrate');
});

it.each([
  [['--dovecot-version', '2.2'], 'known are 2.3 and 2.4'],
  [['--user-db', 'sql'], 'known are passwd-file'],
  [['--user-db', 'passwd-file:users'], 'known are passwd-file'],
  [['--mail', '~/a }'], 'one word is needed'],
])('%j is wrong use', async (args, words) => {
  const { code, stderr } = await runCli(['dovecot', 'render', '-', ...args], { cwd, stdin: '' });
  expect(code).toBe(2);
  expect(stderr).toContain(words);
});

it('gives JSON', async () => {
  const [stdin = ''] = readFileSync(new URL('file-2.4.maddytest', golden), 'utf8').split('----------\n');
  const { stdout } = await runCli(['dovecot', 'render', '-', '--json', '--dovecot-version', '2.4'], { cwd, stdin });
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    dovecot: '2.4',
    listeners: [
      { service: 'lmtp', address: 'unix:///run/dovecot/lmtp-maddy' },
      { service: 'auth', address: 'unix:///var/run/dovecot/auth-maddy-client' },
    ],
    text: expect.stringMatching(/^dovecot_config_version = 2\.4\.0\n/),
    notes: [],
  });
});
