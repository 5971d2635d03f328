import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../../compiler/plan/plan.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { StubResolver } from '../../../runtime/dns/resolver.ts';
import { createOutput, type LogOutput } from '../../../runtime/observe/output.ts';
import { openTargets } from '../../../runtime/observe/targets.ts';
import type { RuntimeModule } from '../../../runtime/registry.ts';
import { MailServer } from '../../../runtime/server.ts';
import { planOf } from '../../kit/compile.ts';
import { freePort } from '../../kit/free-port.ts';
import { WireClient } from '../../kit/wire-client.ts';

let directory: string;
let server: MailServer;
let log: string;
let output: LogOutput;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-server-'));
  log = join(directory, 'log');
  output = createOutput(await openTargets([log]));
  server = new MailServer({ output, logWords: [log], version: '1.2.3', debug: false, dnsServer: '127.0.0.1:1' });
});

afterEach(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

/** A plan whose state lies in the test's directory. */
function serverPlan(configuration: string): Plan {
  const text = `state_dir ${directory}/state\nruntime_dir ${directory}/run\nhostname mx.example.test\n${configuration}`;
  return planOf('/maddy.conf', createMemoryHost({ files: new Map([['/maddy.conf', text]]) }));
}

function logLines(): string[] {
  output.flushNow();
  return readFileSync(log, 'utf8')
    .split('\n')
    .map((line) => line.replace(/^\S+ /, ''));
}

function refusing(endpoint: string, text: string): string {
  return `tls off\n${endpoint} { reject 550 5.7.1 "${text}" }\n`;
}

test('stops though a module does not, and stops the others', async () => {
  const stopped: string[] = [];
  const standIn = (name: string, stop: () => Promise<void>): [string, RuntimeModule] => [
    name,
    { name, create: () => ({ table: { lookup: () => [] }, stop }) },
  ];
  const modules = new Map([
    standIn('table.static', async () => void stopped.push('static')),
    standIn('table.identity', () => new Promise(() => {})),
  ]);
  const standIns = { modules, resolver: new StubResolver(null) };
  server = new MailServer({ output, logWords: [log], version: '1', debug: false, dnsServer: null, standIns });
  await server.start(
    serverPlan(`tls off
      table.static first { }
      table.identity second { }
      smtp tcp://127.0.0.1:${await freePort()} {
        source_in &first { reject }
        source_in &second { reject }
        default_source { deliver_to dummy }
      }`),
  );
  await server.stop();
  expect(stopped).toEqual(['static']);
});

describe('a running server', () => {
  test('takes a message into a Maildir', async () => {
    const port = await freePort();
    await server.start(
      serverPlan(`tls off
        target.maildir boxes { path mail/{domain}/{user} }
        smtp tcp://127.0.0.1:${port} { deliver_to &boxes }`),
    );
    const client = await WireClient.connect(port);
    expect(await client.reply()).toBe('220 mx.example.test ESMTP Service Ready');
    expect(await client.say('EHLO client.test')).toMatch(/^250-Hello client\.test\n/);
    await client.say('MAIL FROM:<A@x.test>');
    expect(await client.say('RCPT TO:<Ann@Example.TEST>')).toBe(
      "250 2.0.0 I'll make sure <Ann@Example.TEST> gets this",
    );
    await client.say('DATA');
    expect(await client.say('Subject: s', '', '..dot', '.')).toBe('250 2.0.0 OK: queued');
    client.destroy();
    const box = join(directory, 'state/mail/example.test/ann');
    expect(readdirSync(join(box, 'tmp'))).toEqual([]);
    const [name = ''] = readdirSync(join(box, 'new'));
    const message = readFileSync(join(box, 'new', name), 'utf8');
    expect(name).toMatch(new RegExp(`,S=${message.length}$`));
    expect(message.replace(/^Received:.*\n(?:[ \t].*\n)*/m, '')).toBe(
      'Return-Path: <A@x.test>\nDelivered-To: Ann@example.test\nSubject: s\n\n.dot\n',
    );
  });

  test('lines of start', async () => {
    const port = await freePort();
    await server.start(serverPlan(refusing(`smtp tcp://127.0.0.1:${port}`, 'no')));
    expect(logLines().slice(0, 3)).toEqual([
      'configuration loaded\t',
      `smtp: listening on tcp://127.0.0.1:${port}\t`,
      'server started\t{"version":"1.2.3"}',
    ]);
  });

  test('submission: STARTTLS, AUTH from a table, and who is not logged in sends nothing', async () => {
    const port = await freePort();
    await server.start(
      serverPlan(`tls self_signed mx.example.test
        auth.pass_table credentials {
            table static { entry ann "bcrypt:$2a$04$Sl/LNuzMDojKgmECrSu6ruDc8PM1Bj8ekJFkthDYpgwVw/G7woygm" }
        }
        submission tcp://127.0.0.1:${port} {
            auth &credentials
            deliver_to dummy
        }`),
    );
    const client = await WireClient.connect(port);
    await client.reply();
    expect(await client.say('EHLO client.test')).not.toMatch('AUTH');
    expect(await client.say('STARTTLS')).toBe('220 2.0.0 Ready to start TLS');
    await client.startTls();
    expect(await client.say('EHLO client.test')).toMatch('250-AUTH PLAIN');
    expect(await client.say('MAIL FROM:<ann@x.test>')).toBe('502 5.7.0 Please authenticate first');
    expect(await client.say('AUTH PLAIN AGFubgBub3Bl')).toBe('535 5.7.8 Invalid credentials');
    expect(await client.say('AUTH PLAIN AEFubgBzZWNyZXQ=')).toBe('235 2.0.0 Authentication succeeded');
    await client.say('MAIL FROM:<ann@x.test>');
    await client.say('RCPT TO:<bob@x.test>');
    await client.say('DATA');
    expect(await client.say('From: ann@x.test', '', 'b', '.')).toBe('250 2.0.0 OK: queued');
    client.destroy();
  });
});

describe('reload', () => {
  test('the same socket goes on under the new configuration, open sessions under the old one', async () => {
    const port = await freePort();
    const address = `tcp://127.0.0.1:${port}`;
    await server.start(serverPlan(refusing(`smtp ${address}`, 'old')));
    const before = await WireClient.connect(port);
    await before.reply();
    await server.reload(async () => serverPlan(refusing(`smtp ${address}`, 'new')));
    const after = await WireClient.connect(port);
    await after.reply();
    const answers: string[] = [];
    for (const client of [before, after]) {
      await client.say('EHLO client.test');
      await client.say('MAIL FROM:<a@x.test>');
      answers.push((await client.say('RCPT TO:<b@x.test>')).replace(/ \(msg ID.*/, ''));
      await client.say('QUIT');
      client.destroy();
    }
    expect(answers).toEqual(['550 5.7.1 old', '550 5.7.1 new']);
    await expect.poll(() => logLines()).toContain('old server stopped\t');
    expect(logLines().filter((line) => !line.startsWith('smtp: ') || line.includes('listening'))).toEqual([
      'configuration loaded\t',
      `smtp: listening on ${address}\t`,
      'server started\t{"version":"1.2.3"}',
      'loading new configuration...\t',
      'configuration loaded\t',
      'starting new server\t',
      `smtp: listening on ${address}\t`,
      'new server started\t{"version":"1.2.3"}',
      'stopping old server\t',
      'old server stopped\t',
      '',
    ]);
  });

  test('an address that is gone is closed, a new one opened', async () => {
    const [first, second] = [await freePort(), await freePort()];
    await server.start(serverPlan(refusing(`smtp tcp://127.0.0.1:${first}`, 'old')));
    await server.reload(async () => serverPlan(refusing(`smtp tcp://127.0.0.1:${second}`, 'new')));
    await expect(WireClient.connect(first)).rejects.toThrow('ECONNREFUSED');
    const client = await WireClient.connect(second);
    expect(await client.reply()).toMatch('220 ');
    client.destroy();
  });

  test('what cannot be loaded, or not started, changes nothing', async () => {
    const port = await freePort();
    const busy = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => busy.once('listening', resolve));
    const taken = busy.address();
    const takenPort = taken !== null && typeof taken === 'object' ? taken.port : 0;
    const smtp = `smtp tcp://127.0.0.1:${port}`;
    await server.start(serverPlan(refusing(smtp, 'old')));
    await server.reload(() => Promise.reject(new Error('maddy.conf:3: unexpected token')));
    await server.reload(async () => serverPlan(`log /nonexistent/log\n${refusing(smtp, 'new')}`));
    const listened = logLines().filter((line) => line.startsWith('smtp: listening')).length;
    await server.reload(async () =>
      serverPlan(
        `log off\n${refusing(smtp, 'new')}${refusing(`lmtp tcp://127.0.0.1:${takenPort}`, 'new').replace('tls off', '')}`,
      ),
    );
    busy.close();
    // The socket was neither closed nor opened again: the new configuration logged nowhere.
    expect(logLines().filter((line) => line.startsWith('smtp: listening'))).toHaveLength(listened);
    const client = await WireClient.connect(port);
    await client.reply();
    await client.say('EHLO client.test');
    await client.say('MAIL FROM:<a@x.test>');
    expect(await client.say('RCPT TO:<b@x.test>')).toMatch('550 5.7.1 old');
    client.destroy();
    expect(logLines()).toContain('failed to load new configuration\t{"reason":"maddy.conf:3: unexpected token"}');
    expect(logLines()).toContain(
      'failed to load new configuration\t{"reason":"failed to create log file: open /nonexistent/log: no such file or directory"}',
    );
    expect(logLines()).toContain(
      `failed to start new server\t{"reason":"failed to start module lmtp: lmtp: listen tcp 127.0.0.1:${takenPort}: bind: address already in use"}`,
    );
  });
});

describe('what cannot run', () => {
  test('modules that the runtime lacks, with their line and the way on (R16)', async () => {
    const given = serverPlan(`tls off
storage.imapsql mail {
    driver sqlite3
    dsn imapsql.db
}
smtp tcp://127.0.0.1:2525 { deliver_to &mail }`);
    await expect(server.start(given)).rejects.toThrow(
      '/maddy.conf:5: maddyc does not run storage.imapsql: mailboxes are Dovecot’s work: deliver to it with target.lmtp, as docs/dovecot.md shows',
    );
  });

  test.each([
    ['/dev/null/state', 'mkdir /dev/null: not a directory'],
    ['/proc/maddyc/state', 'mkdir /proc/maddyc: no such file or directory'],
  ])('a state directory that cannot be: %s', async (stateDir, message) => {
    const plan = serverPlan(refusing(`smtp tcp://127.0.0.1:${await freePort()}`, 'no'));
    const elsewhere = { ...plan, globals: { ...plan.globals, state_dir: stateDir } };
    await expect(server.start(elsewhere)).rejects.toThrow(message);
  });

  test('a module that cannot be made, with its line', async () => {
    const given = serverPlan(`tls off
table.sql_query users {
    driver sqlite3
    dsn t.db
    lookup "SELECT x FROM nowhere"
}
smtp tcp://127.0.0.1:2525 {
    destination_in &users { deliver_to dummy }
    default_destination { reject }
}`);
    await expect(server.start(given)).rejects.toThrow('/maddy.conf:5: table.sql_query: no such table: nowhere');
  });
});
