import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliResult, runCli } from '../kit/io.ts';

const configuration = `hostname mx.example.org
state_dir /tmp/none
runtime_dir /tmp/none
tls off
auth.pass_table accounts {
    table sql_table {
        driver postgres
        dsn "user=maddy password=swordfish host=db"
        table_name passwords
    }
}
target.lmtp mailboxes {
    targets unix:///run/dovecot/lmtp
}
target.queue outgoing {
    target smtp tcp://relay.example.org:25
}
smtp tcp://127.0.0.1:25 {
    destination example.org {
        deliver_to &mailboxes
    }
    default_destination {
        reject 550 5.7.1 "</script><b>Relaying denied"
    }
}
submission tcp://127.0.0.1:587 {
    insecure_auth yes
    auth &accounts
    destination example.org {
        deliver_to &mailboxes
    }
    default_destination {
        deliver_to &outgoing
    }
}
`;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-graph-'));
  writeFileSync(join(directory, 'maddy.conf'), configuration);
  writeFileSync(join(directory, 'broken.conf'), 'hostname mx\nsmtp tcp://127.0.0.1:25 {\n    deliver_to &nobody\n}\n');
});
afterAll(() => rmSync(directory, { recursive: true }));

function graph(...args: string[]): Promise<CliResult> {
  return runCli(['graph', ...args], { cwd: directory });
}

test('the page holds all that it needs, and no secret', async () => {
  const { code, stdout } = await graph('--html');
  expect(code).toBe(0);
  expect(stdout).not.toContain('swordfish');
  expect(stdout).not.toContain('</script><b>');
  expect(stdout.match(/<script>([\s\S]*?)<\/script>/g)).toHaveLength(1);
  // Names of XML are no addresses to load from.
  const addresses = [...stdout.matchAll(/https?:\/\/[\w.]+/g)].map(([found]) => found);
  expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org']));
  expect(stdout).not.toMatch(/\s(?:src|href)=/);
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(stdout) ?? [];
  expect(() => new Script(script)).not.toThrow();
  const [, model = ''] = /<script type="application\/json" id="model">([\s\S]*?)<\/script>/.exec(stdout) ?? [];
  const { nodes } = JSON.parse(model);
  expect(nodes).toContainEqual({
    id: 'n2',
    file: 0,
    line: 19,
    kind: 'destination',
    words: ['destination', 'example.org'],
  });
  for (const { id, line } of nodes) {
    expect(stdout).toContain(` id="${id}" tabindex`);
    expect(stdout).toContain(`<li id="l0-${line}">`);
  }
});

test('the way of a message stands out', async () => {
  const envelope = ['--route', '--auth', 'ann@example.org', '--from', 'ann@example.org', '--to', 'bob@example.net'];
  const { stdout } = await graph('--json', ...envelope);
  const { nodes, edges } = JSON.parse(stdout);
  expect(nodes.filter((node: { taken: boolean }) => node.taken).map((node: { title: string }) => node.title)).toEqual([
    'submission',
    'default_destination',
    'outgoing',
    'smtp',
  ]);
  expect(edges.filter((edge: { taken: boolean }) => edge.taken)).toHaveLength(3);
  const page = await graph('--html', ...envelope);
  expect(page.stdout).toContain('ann@example.org to bob@example.net<br>✔ delivered to target.smtp');
});

test('a picture is written for its owner alone', async () => {
  const { code, stdout, stderr } = await graph('--dot', '-o', 'mail.dot');
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: 'maddy.conf: drawn in mail.dot\n' });
  expect(readFileSync(join(directory, 'mail.dot'), 'utf8')).toContain(
    'n1 [shape=oval, label="smtp\\ntcp://127.0.0.1:25\\nno TLS"];',
  );
  expect(statSync(join(directory, 'mail.dot')).mode & 0o777).toBe(0o600);
});

test('a configuration with errors is not drawn, and its errors are shown', async () => {
  const { code, stdout, stderr } = await graph('broken.conf');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('nobody');
});

test('wrong use says what is right', async () => {
  expect(await graph('--html', '--dot')).toMatchObject({ code: 2, stderr: expect.stringContaining('one at a time') });
  expect(await graph('--route')).toMatchObject({ code: 2, stderr: expect.stringContaining('--from is missing') });
  expect(await graph('absent.conf')).toMatchObject({ code: 2 });
});
