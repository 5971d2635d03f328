import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunMailTestAnswer, runMailTestMethod } from '../../lsp/protocol.ts';
import { DnsServer } from '../kit/dns-server.ts';
import { freePort } from '../kit/free-port.ts';
import { fullCapabilities, spawnServer } from '../kit/lsp.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { WireClient } from '../kit/wire-client.ts';

const root = join(import.meta.dirname, '../..');
const configuration = 'hostname   mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n  deliver_to dummy\n}\n';

let folder: string;
let app: string;

/** Packs what is in the tree and installs it into an empty folder, as its users do, without asking the registry. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'maddyc-package-'));
  app = join(folder, 'app');
  const staged = join(folder, 'staged');
  mkdirSync(staged);
  mkdirSync(app);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const path of ['package.json', 'README.md', 'LICENSE', ...manifest.files]) {
    if (path !== 'dist' && !path.startsWith('!'))
      cpSync(join(root, path), join(staged, path), { recursive: true, force: true });
  }
  execFileSync(process.execPath, [join(root, 'scripts/build.ts'), join(staged, 'dist')]);
  const packed = npm(staged, 'pack', '--silent', '--pack-destination', folder).trim();
  const overrides = Object.fromEntries(
    Object.keys(manifest.dependencies).map((name) => [name, `file:${join(root, 'node_modules', name)}`]),
  );
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, overrides }));
  npm(app, 'install', '--omit=optional', '--silent', join(folder, packed));
  writeFileSync(join(app, 'maddy.conf'), configuration);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function npm(cwd: string, ...args: readonly string[]): string {
  const options = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', join(folder, 'cache')];
  return execFileSync('npm', [...args, ...options], { cwd, encoding: 'utf8', timeout: 90_000 });
}

function maddyc(...args: readonly string[]) {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync(join(app, 'node_modules/.bin/maddyc'), args, {
    cwd: app,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('the installed package', () => {
  test('has what its users need and nothing else', () => {
    const installed = join(app, 'node_modules/maddyc');
    expect(readdirSync(installed).toSorted()).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'bin', 'dist', 'docs', 'man', 'package.json']),
    );
    // That one runs a checkout.
    expect(readdirSync(join(installed, 'contrib'))).not.toContain('maddyc.sh');
    for (const path of ['test', 'compiler', 'scripts', '.ci', 'node_modules']) {
      expect(readdirSync(installed)).not.toContain(path);
    }
  });

  test.each([
    [['check', 'maddy.conf'], /^$/, /^maddy\.conf: no findings/],
    [['check', '--format', 'sarif'], /"version": "2\.1\.0"/, /^maddy\.conf/],
    [['check', '--format', 'junit', '.'], /<testsuites /, /^maddy\.conf/],
    [['check', '--fix', '--diff'], /^$/, /nothing to fix/],
    [['fmt', '--diff', 'maddy.conf'], /^-hostname {3}mx\.example\.org\n\+hostname mx/m, /^$/],
    [['explain', 'M2102'], /undefined-reference/, /^$/],
    [['route', 'maddy.conf', '--from', 'a@example.org', '--to', 'b@example.org'], /dummy/, /^/],
    [['completion', 'bash'], /_maddyc/, /^$/],
    [['run', '--help'], /Usage: maddyc run/, /^$/],
    [['--version'], /^maddyc \d/, /^$/],
  ])('runs %j', (args, stdout, stderr) => {
    const result = maddyc(...args);
    expect(result).toEqual({ status: 0, stdout: expect.stringMatching(stdout), stderr: expect.stringMatching(stderr) });
  });

  test.each([
    ['mysql', '@tcp(127.0.0.1:1)/m'],
    ['postgres', 'host=127.0.0.1 port=1 sslmode=disable'],
  ])('brings the driver of %s along', (driver, dsn) => {
    const block = `auth.pass_table local_authdb {\n    table sql_table {\n        driver ${driver}\n        dsn "${dsn}"\n        table_name t\n    }\n}\n`;
    writeFileSync(
      join(app, 'database.conf'),
      `state_dir ${folder}/state\nruntime_dir ${folder}/run\n${block}${configuration}`,
    );
    const { status, stderr } = maddyc('-config', 'database.conf', 'creds', 'list');
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'Error: connect ECONNREFUSED 127.0.0.1:1\n' });
  });

  test('compiles a plan, and finds what is wrong', () => {
    expect(maddyc('compile', 'maddy.conf').stdout).toContain('"endpoints"');
    writeFileSync(join(app, 'broken.conf'), configuration.replace('dummy', '&gone'));
    expect(maddyc('check', 'broken.conf')).toMatchObject({ status: 1, stdout: expect.stringContaining('M2102') });
  });
});

// What is loaded only when it is needed may be bundled wrongly and nobody sees it.
test('the installed server judges mail by SPF, DKIM and DMARC, and puts it into a queue', async () => {
  const [port, dns] = [
    await freePort(),
    await DnsServer.start({
      'strict.example.': { TXT: ['v=spf1 -all'] },
      '_dmarc.strict.example.': { TXT: ['v=DMARC1; p=none; sp=reject'] },
    }),
  ];
  writeFileSync(
    join(app, 'judging.conf'),
    `state_dir ${app}/state
runtime_dir ${app}/run
hostname mx.example.org
autogenerated_msg_domain example.org
tls self_signed
smtp tcp://127.0.0.1:${port} {
  dmarc yes
  check {
    spf
    dkim
  }
  modify {
    dkim example.org default
  }
  deliver_to queue q {
    target dummy
  }
}
`,
  );
  const server = ServerProcess.launch(['-config', 'judging.conf', '-debug.dnsoverride', dns.address, 'run'], {
    cwd: app,
    command: [process.execPath, join(app, 'node_modules/maddyc/bin/maddyc.cjs')],
  });
  try {
    await server.logged(/^server started/m);
    const client = await WireClient.connect(port);
    await client.reply();
    for (const [domain, reply] of [
      ['sub.strict.example', /^550 5\.7\.1 DMARC check failed/],
      ['example.net', /^250 2\.0\.0 OK: queued/],
    ] as const) {
      await client.say('EHLO client.example');
      await client.say(`MAIL FROM:<a@${domain}>`);
      await client.say('RCPT TO:<b@example.org>');
      await client.say('DATA');
      expect(await client.say(`From: <a@${domain}>`, 'Subject: s', '', '.')).toMatch(reply);
    }
    client.destroy();
    await server.logged(/^target\.queue: delivered/m);
    expect(await server.stop()).toBe(0);
  } finally {
    server.signal('SIGKILL');
    await dns.stop();
  }
});

describe('on a Node that is too old', () => {
  /** The program sees another version; all else is this Node. */
  function onOldNode(...args: readonly string[]) {
    const pretend = join(app, 'pretend.cjs');
    writeFileSync(
      pretend,
      "if (process.env.MADDYC_REEXEC !== '1') Object.defineProperty(process.versions, 'node', { value: '20.20.2' });\n",
    );
    const program = join(app, 'node_modules/maddyc/bin/maddyc.cjs');
    return spawnSync(process.execPath, ['--require', pretend, program, ...args], { cwd: app, encoding: 'utf8' });
  }

  test('it says what it needs', () => {
    expect(onOldNode('check')).toMatchObject({
      status: 127,
      stdout: '',
      stderr: 'maddyc: needs Node >= 22.19; this is 20.20.2 (npm install maddyc brings one along)\n',
    });
  });

  test('it goes on with the Node that the package brings along', () => {
    symlinkSync(process.execPath, join(app, 'node_modules/.bin/node'));
    expect(onOldNode('check')).toMatchObject({ status: 0, stderr: expect.stringMatching(/^maddy\.conf: no findings/) });
    rmSync(join(app, 'node_modules/.bin/node'));
  });
});

test('the installed language server answers, and judges mail tests by DNS', async () => {
  const text = `hostname mx.example.org
tls off
smtp tcp://127.0.0.1:2525 {
  check {
    spf {
      fail_action reject
    }
  }
  deliver_to dummy
}
`;
  const home = join(app, 'judged');
  mkdirSync(home);
  const uri = pathToFileURL(join(home, 'maddy.conf')).href;
  writeFileSync(join(home, 'maddy.conf'), text);
  const mailtest = `cases:
  - name: another host
    ip: 203.0.113.9
    from: a@example.com
    to: b@example.org
    given:
      dns:
        example.com: { TXT: "v=spf1 ip4:192.0.2.0/24 -all" }
    expect: { rejected: 550 }
`;
  const server = spawnServer([process.execPath, join(app, 'node_modules/maddyc/bin/maddyc.cjs'), 'lsp', '--stdio']);
  try {
    await server.initialize(fullCapabilities, pathToFileURL(home).href);
    await server.open(uri, `${text}nonsense\n`);
    expect((await server.findings(uri, 1)).map(({ range }) => range.start.line)).toContain(10);
    await server.change(uri, 2, [{ text }]);
    const params = { uri: pathToFileURL(join(home, 'spf.mailtest.yaml')).href, text: mailtest };
    const answer = await server.connection.sendRequest<RunMailTestAnswer>(runMailTestMethod, params);
    expect(answer).toMatchObject({ problems: [], cases: [{ passed: true, skipped: null }] });
    await server.connection.sendRequest('shutdown');
    await server.connection.sendNotification('exit');
    expect(await server.exited).toEqual({ code: 0, signal: null });
  } finally {
    server.process.kill('SIGKILL');
  }
});
