import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli } from '../kit/io.ts';

const before = `hostname mx.example.org
tls off
import mailboxes.conf
smtp tcp://127.0.0.1:2525 {
    deliver_to &boxes
}
imap tcp://127.0.0.1:1430 { # loopback only
    insecure_auth yes
    auth pass_table file /etc/maddy/users
    storage &boxes
}
`;
const mailboxes = 'storage.imapsql boxes {\n    driver sqlite3\n    dsn imapsql.db\n}\n';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'maddyc-migrate-'));
  writeFileSync(join(cwd, 'maddy.conf'), before);
  writeFileSync(join(cwd, 'mailboxes.conf'), mailboxes);
  chmodSync(join(cwd, 'maddy.conf'), 0o640);
});
afterEach(() => rmSync(cwd, { recursive: true }));

const content = (path: string): string => readFileSync(join(cwd, path), 'utf8');

it('shows what would change, and what is left to do, and writes nothing', async () => {
  const { code, stdout, stderr } = await runCli(['dovecot', 'migrate'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain('-imap tcp://127.0.0.1:1430 { # loopback only\n');
  expect(stdout).toContain('+# loopback only\n');
  expect(stdout).toContain('-storage.imapsql boxes {\n');
  expect(stdout).toContain('+target.lmtp boxes {\n');
  expect(stderr).toContain('nothing is written yet');
  expect(stderr).toContain('accounts and mail do not move by themselves');
  expect([content('maddy.conf'), content('mailboxes.conf')]).toEqual([before, mailboxes]);
});

it('--write changes the file and its import, keeps modes, and has nothing to do the second time', async () => {
  expect((await runCli(['dovecot', 'migrate', '--write', '--quiet'], { cwd })).code).toBe(0);
  expect(content('maddy.conf')).toBe(`${before.slice(0, before.indexOf('imap tcp'))}# loopback only\n`);
  expect(content('mailboxes.conf')).toBe('target.lmtp boxes {\n    targets unix:///run/dovecot/lmtp-maddy\n}\n');
  expect(statSync(join(cwd, 'maddy.conf')).mode & 0o777).toBe(0o640);
  expect((await runCli(['check', 'maddy.conf'], { cwd })).code).toBe(0);
  const again = await runCli(['dovecot', 'migrate', '--write'], { cwd });
  expect(again).toEqual({
    code: 0,
    stdout: '',
    stderr: 'maddy.conf: it has no imap endpoint: there is nothing to move to Dovecot\n',
  });
});

it('gives JSON', async () => {
  const { stdout } = await runCli(['dovecot', 'migrate', '--json', '--lmtp', '/srv/lmtp', 'maddy.conf'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    migrated: true,
    written: false,
    files: [
      { path: 'maddy.conf' },
      { path: 'mailboxes.conf', text: 'target.lmtp boxes {\n    targets unix:///srv/lmtp\n}\n' },
    ],
  });
});

it('changes nothing in a file with errors, shows them, and ends with 1', async () => {
  writeFileSync(join(cwd, 'mailboxes.conf'), '');
  const { code, stdout, stderr } = await runCli(['dovecot', 'migrate', '--write'], { cwd });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('it has errors, which have to be repaired first');
  expect(stderr).toContain('no block named "boxes"');
  expect(content('maddy.conf')).toBe(before);
  const asJson = await runCli(['dovecot', 'migrate', '--json'], { cwd });
  expect(JSON.parse(asJson.stdout)).toMatchObject({
    migrated: false,
    because: 'errors',
    errors: [{ code: 'M2102', location: { file: 'maddy.conf', line: 5 } }, { code: 'M2102' }],
  });
});

it.each([
  [['--lmtp', 'dovecot'], 'not an address'],
  [['--mailbox-list', 'list'], 'not an absolute path'],
])('%j is wrong use', async (args, words) => {
  const { code, stderr } = await runCli(['dovecot', 'migrate', ...args], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain(words);
});

it('names the commands that begin with the same word', async () => {
  const without = await runCli(['dovecot'], { cwd });
  expect(without).toMatchObject({ code: 2, stdout: '' });
  expect(without.stderr).toContain('dovecot migrate, dovecot render');
  expect((await runCli(['dovecot', 'migrat'], { cwd })).stderr).toContain('did you mean "maddyc dovecot migrate"?');
  expect((await runCli(['dovecot', '--help'], { cwd })).stdout).toContain('dovecot render');
  expect((await runCli(['help', 'dovecot', 'render'], { cwd })).stdout).toContain('--dovecot-version VERSION');
});
