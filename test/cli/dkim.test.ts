import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSigningKey } from '../../runtime/dkim/signing-key.ts';
import { runCli } from '../kit/io.ts';

let cwd = '';
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'maddyc-dkim-'));
  writeFileSync(join(cwd, 'maddy.conf'), configuration('dkim example.org müller.example mail'));
  await createSigningKey(join(cwd, 'dkim_keys/example.org_mail.key'), 'ed25519');
});
afterEach(() => rmSync(cwd, { recursive: true }));

const configuration = (dkim: string): string => `state_dir ${cwd}
hostname mx.example.org
tls off
smtp tcp://127.0.0.1:0 {
    modify {
        ${dkim} {
            newkey_algo ed25519
        }
    }
    deliver_to dummy
}
`;

const read = (name: string): string => readFileSync(join(cwd, 'dkim_keys', name), 'utf8');
const run = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await runCli(['dkim', ...args], { cwd });
  return { code, stdout: stdout.replaceAll(cwd, 'DIR'), stderr: stderr.replaceAll(cwd, 'DIR') };
};

it('shows records of keys, and which keys are not there', async () => {
  const { code, stdout } = await run('show');
  expect(code).toBe(1);
  expect(stdout).toBe(
    `; example.org is signed with selector mail (maddy.conf:6), key in DIR/dkim_keys/example.org_mail.key
mail._domainkey.example.org. IN TXT "${read('example.org_mail.dns')}"
; müller.example is signed with selector mail (maddy.conf:6), key in DIR/dkim_keys/müller.example_mail.key
; no record: DIR/dkim_keys/müller.example_mail.key: it is not there; the server makes it when it first starts
`,
  );
  expect((await run('show', '--domain', 'Example.org')).code).toBe(0);
});

it('makes new keys beside the old ones', async () => {
  const old = read('example.org_mail.key');
  const { code, stdout, stderr } = await run('rotate', '--selector', 'new');
  expect(code).toBe(0);
  expect(stdout).toBe(
    `new._domainkey.example.org. IN TXT "${read('example.org_new.dns')}"
new._domainkey.xn--mller-kva.example. IN TXT "${read('müller.example_new.dns')}"
`,
  );
  expect(stderr).toContain('leave mail._domainkey.example.org, mail._domainkey.xn--mller-kva.example as it is');
  expect(stderr).toContain('maddy.conf:6: selector mail becomes new');
  expect(read('example.org_mail.key')).toBe(old);
  // Never over a key that is there.
  const again = read('example.org_new.key');
  expect(await run('rotate', '--selector', 'new')).toMatchObject({ code: 2, stdout: '' });
  expect(read('example.org_new.key')).toBe(again);
});

it('names keys by the date, and tells machines about them', async () => {
  const { stdout } = await run('rotate', '--domain', 'example.org', '--algorithm', 'rsa2048', '--json');
  const { keys } = JSON.parse(stdout);
  expect(keys).toHaveLength(1);
  expect(keys[0]).toMatchObject({ domain: 'example.org', oldSelector: 'mail', place: 'maddy.conf:6' });
  expect(keys[0].selector).toMatch(/^s20\d{6}$/);
  expect(keys[0].record).toMatch(/^v=DKIM1; k=rsa; p=/);
  expect(readdirSync(join(cwd, 'dkim_keys'))).toHaveLength(4);
});

it.each([
  [['rotate', '--selector', 'mail'], 'example.org is signed with selector mail already'],
  [['rotate', '--selector', '../x'], '../x is no selector'],
  [['show', '--domain', 'other.test'], 'no modify.dkim signs for other.test'],
  [['sign'], 'dkim has no action "sign"'],
  [[], 'dkim what?'],
])('%j is wrong', async (args, message) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

it('needs a file for each key', async () => {
  const text = configuration('dkim example.org mail').replace('newkey_algo', 'key_path keys/one.key\nnewkey_algo');
  writeFileSync(join(cwd, 'maddy.conf'), text);
  expect((await run('rotate')).stderr).toContain('has no {selector}');
});
