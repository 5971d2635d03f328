import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isMailServer } from '../../cli/doctor/listen-ports.ts';
import { createSelfSigned } from '../../runtime/tls/self-signed.ts';
import { freePort } from '../kit/free-port.ts';
import { runCli } from '../kit/io.ts';

let cwd: string;
let servers: Server[];
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'maddyc-doctor-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  rmSync(cwd, { recursive: true });
});

/** A server at a socket that says what it is told, first when somebody comes and then to each line. */
async function speak(name: string, greeting: string, answer: (line: string) => string = () => ''): Promise<string> {
  const server = createServer((socket: Socket) => {
    socket.write(greeting);
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split(/\r?\n/).slice(0, -1)) socket.write(answer(line));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(join(cwd, name), resolve));
  return `unix://${join(cwd, name)}`;
}

const lmtp = (line: string): string =>
  line.startsWith('LHLO') ? '250-host\r\n250 PIPELINING\r\n' : '250 2.1.0 OK\r\n';

interface Report {
  readonly findings: readonly { readonly id: string; readonly status: string; readonly message: string }[];
}

async function examine(
  config: string,
  ...args: readonly string[]
): Promise<{ code: number; found: readonly string[] }> {
  writeFileSync(join(cwd, 'maddy.conf'), config);
  const { code, stdout, stderr } = await runCli(['doctor', '--json', ...args, 'maddy.conf'], { cwd });
  expect(stdout, stderr).not.toBe('');
  const report: Report = JSON.parse(stdout);
  return { code, found: report.findings.map(({ status, id, message }) => `${status} ${id}: ${message}`) };
}

const deliversTo = (address: string, endpoint = 'tcp://127.0.0.1:0'): string => `$(local_domains) = example.org
state_dir ${cwd}
runtime_dir ${cwd}/run
hostname mx.example.org
tls off
smtp ${endpoint} {
    destination $(local_domains) {
        deliver_to lmtp ${address}
    }
    default_destination {
        reject
    }
}
`;

const asks = (address: string): string => `state_dir ${cwd}
runtime_dir ${cwd}/run
hostname mx.example.org
tls off
submission tcp://127.0.0.1:0 {
    insecure_auth yes
    auth dovecot_sasl ${address}
    deliver_to dummy
}
`;

describe('LMTP', () => {
  it('greets, and asks for postmaster and for somebody who does not exist', async () => {
    const asked: string[] = [];
    const address = await speak('lmtp', '220 host ready\r\n', (line) => {
      asked.push(line);
      return /RCPT TO:<maddyc-doctor/.test(line) ? '550 5.1.1 no such user\r\n' : lmtp(line);
    });
    const { code, found } = await examine(deliversTo(address));
    expect(found).toContain('ok lmtp: answers: 220 host ready');
    expect(found).toContain('ok lmtp-postmaster: postmaster@example.org has a mailbox');
    expect(found.join()).not.toContain('lmtp-takes-anybody');
    expect(code).toBe(0);
    expect(asked[0]).toBe('LHLO mx.example.org');
    expect(asked).not.toContain('DATA');
  });

  it.each([
    ['220 host ready\r\n', lmtp, 'warning lmtp-takes-anybody'],
    [
      '220 host ready\r\n',
      (line: string) => (line.startsWith('RCPT') ? '550 5.1.1 unknown\r\n' : lmtp(line)),
      'error lmtp-no-postmaster: postmaster@example.org is not taken: 550 5.1.1 unknown',
    ],
    ['VERSION\t1\t2\nSPID\t1\n', undefined, 'error lmtp-is-auth'],
    ['* OK IMAP ready\r\n', undefined, 'error lmtp-strange: it does not greet as LMTP does'],
    ['220 host ESMTP\r\n', () => '500 5.5.1 unknown command\r\n', 'error lmtp-strange: it refuses LHLO'],
  ])('says %j: %s', async (greeting, answer, words) => {
    const { found } = await examine(deliversTo(await speak('lmtp', greeting, answer)));
    expect(
      found.some((each) => each.startsWith(words)),
      found.join('\n'),
    ).toBe(true);
  });

  it('does not wait for ever', async () => {
    const { code, found } = await examine(deliversTo(await speak('lmtp', '')), '--timeout', '0.1');
    expect(found).toContain('error lmtp-silent: it does not answer in time');
    expect(code).toBe(1);
  });

  it('tells a port where nobody listens', async () => {
    const { found } = await examine(deliversTo(`tcp://127.0.0.1:${await freePort()}`));
    expect(found).toContain('error lmtp-refused: nobody listens there any more: connection refused');
  });
});

describe('the auth server', () => {
  const hello = (mechanisms: string): string => `VERSION\t1\t2\n${mechanisms}SPID\t1\nCUID\t1\nCOOKIE\t00\nDONE\n`;
  it.each([
    [hello('MECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\n'), 'ok auth: answers, and offers PLAIN, LOGIN'],
    [hello('MECH\tCRAM-MD5\n'), 'error auth-no-mechanism: Dovecot offers neither PLAIN nor LOGIN, but CRAM-MD5'],
    ['220 host LMTP ready\r\n', 'error auth-is-lmtp: an LMTP server answers here, not the auth server'],
  ])('says %j: %s', async (greeting, words) => {
    expect((await examine(asks(await speak('auth', greeting)))).found).toContain(words);
  });

  it('knows a listener that is not for clients', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.resume();
      socket.end('VERSION\t1\t1\nSPID\t1\n');
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(join(cwd, 'auth-master'), resolve));
    const { found } = await examine(asks(`unix://${cwd}/auth-master`));
    expect(found).toContain(
      'error auth-not-client: Dovecot’s auth server answers, but this listener is not for clients',
    );
  });

  it('warns of passwords on the network, and of a socket for everybody', async () => {
    const address = await speak('auth', hello('MECH\tPLAIN\n'));
    chmodSync(join(cwd, 'auth'), 0o666);
    expect((await examine(asks(address))).found.join('\n')).toContain('warning auth-open-to-all');
    const { found } = await examine(asks('tcp://192.0.2.1:9'), '--timeout', '0.1');
    expect(found.join('\n')).toContain('warning auth-over-network');
  });
});

it('says that a socket is missing, as an error', async () => {
  const { code, found } = await examine(asks(`unix://${cwd}/nothing`));
  expect(found).toContainEqual(expect.stringMatching(/^error M5106: .*there is no such socket/));
  expect(code).toBe(1);
});

it('asks Dovecot’s configuration why a socket is missing', async () => {
  mkdirSync(join(cwd, 'bin'));
  const script = '#!/bin/sh\ntest "$1 $2 $3" = "-h protocols base_dir" && printf "imap pop3\\n/run/dovecot\\n"\n';
  writeFileSync(join(cwd, 'bin/doveconf'), script, { mode: 0o755 });
  writeFileSync(join(cwd, 'maddy.conf'), deliversTo(`unix://${cwd}/nothing`));
  const { stdout } = await runCli(['doctor', 'maddy.conf'], { cwd, env: { PATH: `${cwd}/bin:${process.env.PATH}` } });
  expect(stdout).toContain('Dovecot’s protocols are "imap pop3", so nothing listens for LMTP');
  expect(stdout).toContain('Dovecot makes its sockets below /run/dovecot');
});

it.each([
  ['500', '8', 'dovecot-uid-too-low'],
  ['500', '0', 'dovecot-root-mail'],
  ['500', '500', null],
])('asks Dovecot whose mail it is: first_valid_uid %s, uid %s: %s', async (first, uid, id) => {
  mkdirSync(join(cwd, 'bin'));
  const conf = `#!/bin/sh\nprintf '${cwd}\\n${first}\\n'\n`;
  const adm = `#!/bin/sh\ntest "$*" = "user -f uid postmaster@example.org" && echo ${uid}\n`;
  writeFileSync(join(cwd, 'bin/doveconf'), conf, { mode: 0o755 });
  writeFileSync(join(cwd, 'bin/doveadm'), adm, { mode: 0o755 });
  writeFileSync(join(cwd, 'maddy.conf'), deliversTo(await speak('lmtp', '220 host ready\r\n', lmtp)));
  const { stdout } = await runCli(['doctor', 'maddy.conf'], { cwd, env: { PATH: `${cwd}/bin:${process.env.PATH}` } });
  expect(/\[(dovecot-\S+)\]/.exec(stdout)?.[1] ?? null).toBe(id);
});

it('tells a port that is taken, and an address that is elsewhere', async () => {
  const server = createServer();
  servers.push(server);
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const socket = await speak('lmtp', '220 ready\r\n', lmtp);
  expect((await examine(deliversTo(socket, `tcp://127.0.0.1:${port}`))).found.join('\n')).toMatch(
    /^error port-taken: the port is taken/m,
  );
  expect((await examine(deliversTo(socket, 'tcp://192.0.2.1:2525'))).found).toContain(
    'error address-not-here: this machine does not have the address',
  );
});

it.each([
  ['maddyc run', true],
  ['/usr/local/bin/maddy -config /etc/maddy/maddy.conf run', true],
  ['node --max-semi-space-size=8 /opt/maddyc/bin/maddyc.cjs run', true],
  ['/usr/bin/node /srv/maddyc/node_modules/.bin/vitest run', false],
  ['/usr/sbin/smtpd /etc/maddy/maddy.conf', false],
])('knows a mail server by its name: %s', (commandLine, isOwn) => {
  expect(isMailServer(commandLine)).toBe(isOwn);
});

it('looks at certificates, keys and directories', async () => {
  const { cert, key } = createSelfSigned(['other.example.net']);
  writeFileSync(join(cwd, 'cert.pem'), cert);
  writeFileSync(join(cwd, 'key.pem'), createSelfSigned(['mx.example.org']).key);
  writeFileSync(join(cwd, 'own.pem'), key);
  mkdirSync(join(cwd, 'dkim_keys'));
  writeFileSync(join(cwd, 'dkim_keys/example.org_default.key'), key, { mode: 0o644 });
  writeFileSync(join(cwd, 'run'), 'in the way');
  const { code, found } = await examine(`state_dir ${cwd}
runtime_dir ${cwd}/run
hostname mx.example.org
tls file ${cwd}/cert.pem ${cwd}/key.pem
smtp tcp://127.0.0.1:0 {
    modify {
        dkim example.org example.com default
    }
    deliver_to dummy
}
`);
  expect(code).toBe(1);
  const all = found.join('\n');
  expect(all).toContain('is the key of another certificate');
  expect(all).toContain('is not for mx.example.org');
  expect(all).toContain('warning dkim-key-open: other accounts may read it');
  expect(all).toContain('info dkim-key-missing: is not there yet');
  expect(all).toContain('error directory-missing: is no directory');
  expect(all).toMatch(/^ok directory: .* may write there$/m);
});

it('shows text, less of it when told, and takes only accounts that exist', async () => {
  writeFileSync(join(cwd, 'maddy.conf'), asks(`unix://${cwd}/nothing`));
  const all = await runCli(['doctor'], { cwd });
  expect(all.stdout).toContain(`ok      state_dir ${cwd}: `);
  expect(all.stdout).toMatch(/^error {3}.*nothing: there is no such socket {2}maddy\.conf:7 {2}\[M5106\]$/m);
  expect(all.stderr).toMatch(/^maddy\.conf, for the account \S+: 1 not working, /);
  const quiet = await runCli(['doctor', '--quiet'], { cwd });
  expect(quiet.stdout).not.toMatch(/^ok/m);
  expect(quiet.stderr).toBe('');
  const nobody = await runCli(['doctor', '--user', 'no-such-account'], { cwd });
  expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no account "no-such-account"') });
  expect((await runCli(['doctor', '--timeout', 'soon'], { cwd })).code).toBe(2);
});
