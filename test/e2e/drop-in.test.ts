import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DnsServer } from '../kit/dns-server.ts';
import { freePort } from '../kit/free-port.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { Sink } from '../kit/sink.ts';
import { WireClient } from '../kit/wire-client.ts';

/** What a harness that was written for maddy relies on: it starts a program, waits for one line, talks, signals and stops it. */

const clientAddress = '127.109.97.100';
const entry = join(import.meta.dirname, '..', '..', 'cli', 'entry.ts');

let directory: string;
let config: string;
let dns: DnsServer;
let server: ServerProcess | null;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mc-drop-in-'));
  config = join(directory, 'x.conf');
  await mkdir(join(directory, 'state'));
  await mkdir(join(directory, 'run'));
  dns = await DnsServer.start({ '100.97.109.127.in-addr.arpa.': { PTR: ['client.maddy.test.'] } });
  server = null;
});

afterEach(async () => {
  if (server !== null && server.exitCode === null) {
    server.signal('SIGKILL');
    await server.ended();
  }
  await dns.stop();
  await rm(directory, { recursive: true, force: true });
});

async function configure(text: string): Promise<void> {
  await writeFile(config, `state_dir ${directory}/state\nruntime_dir ${directory}/run\n\n${text}`, { mode: 0o777 });
}

async function run(...options: string[]): Promise<ServerProcess> {
  const debug = ['-debug.smtpport', '0', '-debug.dnsoverride', dns.address];
  server = ServerProcess.launch(['-config', config, ...debug, ...options, 'run'], { cwd: directory });
  await server.logged(/^server started/m);
  return server;
}

/** SIGINT, and the end within the five seconds that a harness gives. */
async function stops(process: ServerProcess): Promise<void> {
  const since = Date.now();
  expect(await process.stop()).toBe(0);
  // What a harness would kill; not a figure of speed.
  expect(Date.now() - since).toBeLessThan(5_000);
  expect(process.log).toMatch(/^server stopped\t\n$(?![\s\S])/m);
}

const count = (log: string, line: RegExp): number => [...log.matchAll(line)].length;

function rejecting(port: number, text: string): string {
  return `hostname maddy.test\ntls off\nsmtp tcp://127.0.0.1:${port} {\n    reject 550 5.7.1 "${text}"\n}\n`;
}

async function answerTo(client: WireClient): Promise<string> {
  await client.say('EHLO localhost');
  await client.say('MAIL FROM:<a@x.test>');
  return client.say('RCPT TO:<b@y.test>');
}

async function greeted(port: number): Promise<WireClient> {
  const client = await WireClient.connect(port, clientAddress);
  expect(await client.reply()).toBe('220 maddy.test ESMTP Service Ready');
  return client;
}

/** Takes connections and says nothing. */
async function silentServer() {
  const listening = createServer().listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const bound = listening.address();
  return {
    port: bound !== null && typeof bound === 'object' ? bound.port : 0,
    asked: once(listening, 'connection'),
    close: () => void listening.close(),
  };
}

describe('a start', () => {
  it('says its lines, one ready line among them, and serves at once', async () => {
    const port = await freePort();
    await configure(rejecting(port, 'no'));
    const process = await run();
    const client = await greeted(port);
    client.destroy();
    expect(process.log).toBe(
      `loading configuration...\t\nconfiguration loaded\t\nsmtp: listening on tcp://127.0.0.1:${port}\t\n` +
        'server started\t{"version":"0.1.0"}\n',
    );
    await stops(process);
    expect(process.log).toMatch(
      /^signal received \(interrupt\), next signal will force immediate shutdown\.\t\nserver stopping\.\.\.\t\nserver stopped\t\n$/m,
    );
  });

  it.each([
    ['-config', '-debug.smtpport', '0'],
    ['--config', '--debug.smtpport=0'],
    ['-config', '-debug=true'],
    ['-config', '-debug=false'],
  ])('takes %s and other forms of global options', async (option, ...debug) => {
    const port = await freePort();
    await configure(rejecting(port, 'no'));
    server = ServerProcess.launch([`${option}=${config}`, ...debug, 'run'], { cwd: directory });
    await server.logged(/^server started/m);
    await stops(server);
  });

  it('ends well when it is stopped right behind the ready line, the DNS server gone and clients idle', async () => {
    const port = await freePort();
    await configure(rejecting(port, 'no'));
    for (let round = 0; round < 3; round++) await stops(await run());
    const process = await run();
    const clients = [await greeted(port), await WireClient.connect(port), await WireClient.connect(port)];
    await dns.stop();
    await stops(process);
    for (const client of clients) client.destroy();
    dns = await DnsServer.start({});
  });

  it('ends while a queue waits for a server that does not answer, and a client is in the middle of a message', async () => {
    const port = await freePort();
    const silent = await silentServer();
    await configure(`hostname maddy.test
tls off
smtp tcp://127.0.0.1:${port} {
    deliver_to queue q {
        target smtp tcp://127.0.0.1:${silent.port} {
            starttls no
        }
    }
}
`);
    const process = await run();
    const client = await greeted(port);
    await client.say('EHLO a', 'MAIL FROM:<a@x.test>', 'RCPT TO:<b@x.test>', 'DATA');
    for (let replies = 1; replies < 4; replies++) await client.reply();
    expect(await client.say('Subject: x', '', '.')).toBe('250 2.0.0 OK: queued');
    await silent.asked;
    await client.say('MAIL FROM:<a@x.test>');
    await client.say('RCPT TO:<b@x.test>');
    await stops(process);
    expect(process.log).not.toContain('queue storage');
    client.destroy();
    silent.close();
  });

  it('ends while a delivery waits for a server that does not answer, and says last that it has', async () => {
    const port = await freePort();
    const silent = await silentServer();
    await configure(`hostname maddy.test
tls off
smtp tcp://127.0.0.1:${port} {
    deliver_to smtp tcp://127.0.0.1:${silent.port}
}
`);
    const process = await run();
    const client = await greeted(port);
    await client.say('EHLO a', 'MAIL FROM:<a@x.test>', 'RCPT TO:<b@x.test>');
    await silent.asked;
    await stops(process);
    expect(process.log).toMatch(/^smtp: RCPT error\t.*the connection was given up/m);
    client.destroy();
    silent.close();
  });

  it('takes a variable of the environment, and a relative path from where it was started', async () => {
    const port = await freePort();
    await configure(rejecting(port, 'no').replace(String(port), '{env:TEST_PORT_smtp}'));
    server = ServerProcess.launch(['-config', 'x.conf', 'run'], {
      cwd: directory,
      env: { TEST_PORT_smtp: String(port) },
    });
    await server.logged(/^server started/m);
    server.signal('SIGUSR2');
    await server.logged(/^new server started/m);
    (await greeted(port)).destroy();
    await stops(server);
  });
});

describe('errors', () => {
  async function finished(...args: string[]): Promise<{ code: number | null; log: string }> {
    const process = ServerProcess.launch(args, { cwd: directory });
    return { code: await process.ended(), log: process.log };
  }

  it.each([
    ['run', 'a {', 1, /^Error: failed to read config .*x\.conf: .*x\.conf:\d+ - Error during parsing: unexpected EOF/m],
    ['run', 'nonsense', 1, /^Error: .*x\.conf:4: unknown module or global directive: nonsense$/m],
    [
      'run',
      'hostname a.test\ntls off\nlog /absent/x\nsmtp tcp://127.0.0.1:1 { reject }',
      1,
      /^Error: failed to create log file: open \/absent\/x: no such file or directory$/m,
    ],
    ['verify-config', 'nonsense', 2, /^Error: .*x\.conf:4: unknown module or global directive: nonsense\n$/],
    ['verify-config', 'hostname a.test\ntls off\nsmtp tcp://127.0.0.1:1 { reject }', 0, /^No errors detected\n$/],
    [
      'run',
      'hostname a.test\ntls off\ntarget.lmtp x { targets tcp://127.0.0.1:2 }\nsmtp tcp://127.0.0.1:1 { reject }',
      1,
      /^Error: unused configuration block x \(target\.lmtp\)$/m,
    ],
  ])('%s of %j ends with %i', async (command, text, code, log) => {
    await configure(text);
    const result = await finished(
      '-config',
      config,
      '-debug.smtpport',
      '0',
      '-debug.dnsoverride',
      dns.address,
      command,
    );
    expect(result.code).toBe(code);
    expect(result.log).toMatch(log);
  });

  it('a file that is not there, an argument too much, an option that does not exist, a command that does not', async () => {
    await configure('');
    const missing = await finished('-config', `${config}x`, 'run');
    expect(missing).toMatchObject({
      code: 1,
      log: expect.stringContaining(`open ${config}x: no such file or directory`),
    });
    expect(await finished('-config', config, 'run', 'x')).toMatchObject({
      code: 2,
      log: expect.stringMatching(/^Error: usage: /),
    });
    expect(await finished('-bogus', 'run')).toMatchObject({ code: 2, log: expect.stringContaining('option -bogus') });
    expect(await finished('run', '-bogus')).toMatchObject({ code: 2, log: expect.stringContaining('option -bogus') });
    expect((await finished('-config', config, 'x')).code).toBe(2);
    for (const command of ['version', 'help']) {
      expect(await finished('-config', config, '-debug.smtpport', '0', '-debug', command)).toEqual({
        code: 0,
        log: '',
      });
    }
    expect(await finished('-config', config, 'imap-acct', 'create', '--no-specialuse', 'a')).toMatchObject({
      code: 2,
      log: expect.stringContaining('maddyc has no mailboxes'),
    });
  });

  it('accounts of a block that no endpoint uses, and of one that keeps none', async () => {
    await configure(`hostname x.test
tls off
auth.pass_table unused {
    table sql_table {
        driver sqlite3
        dsn credentials.db
        table_name passwords
    }
}
auth.external outside {
    helper /bin/true
}
smtp tcp://127.0.0.1:1 {
    deliver_to dummy
}
`);
    const creds = (...args: string[]) => finished('-config', config, 'creds', ...args);
    expect(await creds('create', '--cfg-block', 'unused', '-p', 'pw', 'ann')).toEqual({ code: 0, log: '' });
    expect(await creds('create', '--cfg-block', 'outside', '--hash', 'bcrypt', '-p', 'pw', 'ann')).toEqual({
      code: 2,
      log: 'Error: Error: --hash cannot be used with non-pass_table credentials DB\n',
    });
  });

  it('accounts, whatever is wrong in other blocks', async () => {
    await configure(`hostname x.test
auth.pass_table local_authdb {
    table sql_table {
        driver sqlite3
        dsn credentials.db
        table_name passwords
    }
}
table.chain broken {
    step nosuch
}
smtp tcp://127.0.0.1:1 {
    bogus yes
    deliver_to &nowhere
}
`);
    const creds = (...args: string[]) => finished('-config', config, 'creds', ...args);
    expect(await creds('create', '-p', 'pw', 'ann')).toEqual({ code: 0, log: '' });
    expect(await creds('list', '--cfg-block', 'broken')).toMatchObject({
      code: 2,
      log: expect.stringMatching(/^Error: Error: failed to open config: .*x\.conf:13: unknown module "nosuch"/),
    });
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace('hostname', 'nonsense'));
    expect(await creds('list')).toMatchObject({
      code: 2,
      log: expect.stringMatching(/x\.conf:4: unknown module or global directive: nonsense$/m),
    });
    await writeFile(config, text.slice(0, text.indexOf('smtp tcp')));
    expect(await creds('list')).toMatchObject({
      code: 2,
      log: expect.stringMatching(/: at least one endpoint should be configured$/m),
    });
  });

  it.each([[], ['--workers', '2']])(
    'what maddyc does not run is named at once, each with its line (%s)',
    async (...workers) => {
      await configure(`hostname x.test
tls off
storage.imapsql mailboxes {
    driver sqlite3
    dsn imapsql.db
}
imap tcp://127.0.0.1:1 {
    auth dummy
    storage &mailboxes
}
smtp tcp://127.0.0.1:2 {
    deliver_to &mailboxes
}
`);
      const { code, log } = await finished('-config', config, 'run', ...workers);
      expect(code).toBe(1);
      expect(
        log
          .split('\n')
          .slice(1)
          .map((line) => line.replace(/mailboxes are.*/, '')),
      ).toEqual([
        `Error: ${config}:6: maddyc does not run storage.imapsql: `,
        `       ${config}:10: maddyc does not run imap: `,
        '',
      ]);
    },
  );

  it('a port that is taken', async () => {
    const port = await freePort();
    await configure(rejecting(port, 'no'));
    const process = await run();
    const second = await finished('-config', config, 'run');
    expect(second.code).toBe(1);
    expect(second.log).toMatch(
      new RegExp(
        `^Error: failed to start module smtp: smtp: listen tcp 127\\.0\\.0\\.1:${port}: bind: address already in use$`,
        'm',
      ),
    );
    await stops(process);
  });
});

describe('a reload', () => {
  it('refuses no connection, changes the rules for new ones and keeps them for old ones', async () => {
    const port = await freePort();
    await configure(rejecting(port, 'round 0'));
    const process = await run();
    let isOver = false;
    let greetings = 0;
    const knocking = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const client = await WireClient.connect(port, '127.0.0.2');
        expect(await client.reply()).toBe('220 maddy.test ESMTP Service Ready');
        greetings++;
        expect(await client.say('QUIT')).toBe('221 2.0.0 Bye');
        client.destroy();
      }
    });
    for (let round = 1; round <= 5; round++) {
      const old = await greeted(port);
      await configure(rejecting(port, `round ${round}`));
      process.signal('SIGUSR2');
      await process.logged(new RegExp(`(?:^new server started[\\s\\S]*){${round}}`, 'm'));
      const fresh = await greeted(port);
      expect(await answerTo(fresh)).toMatch(new RegExp(`^550 5\\.7\\.1 round ${round} `));
      expect(await answerTo(old)).toMatch(new RegExp(`^550 5\\.7\\.1 round ${round - 1} `));
      fresh.destroy();
      old.destroy();
    }
    isOver = true;
    await Promise.all(knocking);
    expect(greetings).toBeGreaterThan(5);
    expect(count(process.log, /^server started/gm)).toBe(1);
    expect(count(process.log, /^new server started/gm)).toBe(5);
    await process.logged(/(?:^old server stopped\t[\s\S]*){5}/m);
    await stops(process);
  });

  it('of a bad file changes nothing, of a new address closes the old one', async () => {
    const [port, other] = [await freePort(), await freePort()];
    await configure(rejecting(port, 'first'));
    const process = await run();
    await configure('nonsense');
    process.signal('SIGUSR2');
    await process.logged(/^failed to load new configuration\t\{"reason":".*nonsense"\}$/m);
    const client = await greeted(port);
    expect(await answerTo(client)).toMatch(/^550 5\.7\.1 first /);
    client.destroy();
    await configure(rejecting(other, 'second'));
    process.signal('SIGUSR2');
    await process.logged(/^old server stopped/m);
    (await greeted(other)).destroy();
    await expect(WireClient.connect(port)).rejects.toThrow('ECONNREFUSED');
    await stops(process);
  });

  it('signals that come in one go are all obeyed', async () => {
    const port = await freePort();
    await configure(rejecting(port, 'no'));
    const process = await run();
    process.signal('SIGUSR2');
    process.signal('SIGUSR1');
    await process.logged(/^signal received \(user defined signal 1\), rotating logs/m);
    await process.logged(/^new server started/m);
    await stops(process);
  });
});

it('a message goes to a server that came up later, with the address and name of its client', async () => {
  const [port, sinkPort] = [await freePort(), await freePort()];
  await configure(`hostname maddy.test
tls self_signed
smtp tcp://0.0.0.0:${port} {
    deliver_to lmtp tcp://127.0.0.1:${sinkPort}
}
`);
  const process = await run();
  const sink = await Sink.listen({ proto: 'lmtp' }, { port: sinkPort });
  const client = await WireClient.connect(port, clientAddress);
  // Sent before the greeting is read.
  client.send('EHLO localhost\r\n');
  expect(await client.line()).toBe('220 maddy.test ESMTP Service Ready');
  expect(await client.reply()).toMatch(/^250-STARTTLS$/m);
  expect(await client.say('STARTTLS')).toBe('220 2.0.0 Ready to start TLS');
  await client.startTls();
  await client.say('EHLO localhost');
  await client.say('MAIL FROM:<sender@maddy.test>');
  await client.say('RCPT TO:<rcpt@y.test>');
  await client.say('DATA');
  for (const line of ['Subject: x', '', 'text', '.']) client.send(`${line}\r\n`);
  expect(await client.reply()).toBe('250 2.0.0 OK: queued');
  client.destroy();
  const [received] = sink.sessions.flatMap(({ messages }) => messages);
  expect(received?.split('\r\n').slice(0, 2)).toEqual([
    'Received: from localhost (client.maddy.test [127.109.97.100]) by maddy.test',
    expect.stringMatching(/^ \(envelope-sender <sender@maddy\.test>\) with ESMTPS id [0-9a-f]{8}; /),
  ]);
  await stops(process);
  await sink.close();
});

it('six accounts are made at once while the file is being written anew', async () => {
  const text = `hostname maddy.test
tls off
auth.pass_table local_authdb {
    table sql_table {
        driver sqlite3
        dsn credentials.db
        table_name passwords
    }
}
submission tcp://127.0.0.1:1 {
    auth &local_authdb
    deliver_to dummy
}
`;
  await configure(text);
  const creds = (...args: string[]) => {
    const debug = ['-debug.smtpport', '0', '-debug.dnsoverride', dns.address];
    const child = spawn(process.execPath, [entry, '-config', config, ...debug, 'creds', ...args]);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    return once(child, 'close').then(() => ({ code: child.exitCode, output }));
  };
  let isOver = false;
  const writing = (async () => {
    while (!isOver) {
      await writeFile(config, '');
      await configure(text);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const users = ['a', 'b', 'c', 'd', 'e', 'f'];
  const results = await Promise.all(users.map((user) => creds('create', '-p', 'pw', `${user}@x.test`)));
  isOver = true;
  await writing;
  expect(results).toEqual(users.map(() => ({ code: 0, output: '' })));
  expect(await creds('list')).toEqual({ code: 0, output: users.map((user) => `${user}@x.test\n`).join('') });
});
