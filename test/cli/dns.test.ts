import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readZoneFile } from '../../compiler/dns-records/zone-file.ts';
import { createSelfSigned } from '../../runtime/tls/self-signed.ts';
import { DnsServer } from '../kit/dns-server.ts';
import { runCli } from '../kit/io.ts';

let cwd: string;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsaRecord = rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'maddyc-dns-'));
  mkdirSync(join(cwd, 'dkim_keys'));
  const ed25519 = generateKeyPairSync('ed25519');
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  writeFileSync(join(cwd, 'dkim_keys/example.org_default.key'), rsa.privateKey.export(pem));
  writeFileSync(join(cwd, 'dkim_keys/example.com_default.key'), ed25519.privateKey.export(pem));
  writeFileSync(join(cwd, 'cert.pem'), createSelfSigned(['mx.example.org']).cert);
  writeFileSync(join(cwd, 'key.pem'), createSelfSigned(['mx.example.org']).key);
  writeFileSync(join(cwd, 'maddy.conf'), configuration());
  writeFileSync(
    join(cwd, 'relay.conf'),
    configuration().replace('target.remote out', relay).replace('target.queue q { target &out }\n', ''),
  );
});
afterAll(() => rmSync(cwd, { recursive: true }));

const relay = 'target.smtp out { targets tls://relay.example.net:465 }\n#';

const configuration = (): string =>
  `$(local_domains) = example.org example.com
state_dir ${cwd}
hostname mx.example.org
tls file ${cwd}/cert.pem ${cwd}/key.pem
target.lmtp boxes { targets unix:///run/dovecot/lmtp-maddy }
target.remote out { }
target.queue q { target &out }
smtp tcp://0.0.0.0:25 {
    destination $(local_domains) {
        deliver_to &boxes
    }
    default_destination {
        reject
    }
}
submission tls://0.0.0.0:465 tcp://127.0.0.1:587 {
    auth dovecot_sasl unix:///run/dovecot/auth-maddy-client
    modify {
        dkim $(local_domains) default
    }
    deliver_to &q
}
`.replaceAll(/\{ (\w+ \S+) \}/g, '{\n    $1\n}');

/** As name servers would read what is printed. */
async function zoneLines(...args: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await runCli(['dns', ...args], { cwd });
  expect(code, stderr).toBe(0);
  const { records, problems } = readZoneFile(stdout, '');
  expect(problems).toEqual([]);
  return records.map(({ name, type, data }) => `${name} ${type} ${data.join(' ')}`);
}

it('prints what the zone needs, with the keys of the files', async () => {
  const lines = await zoneLines('--address', '203.0.113.5', '--address', '2001:db8::5', 'maddy.conf');
  expect(lines).toEqual(
    expect.arrayContaining([
      'mx.example.org A 203.0.113.5',
      'mx.example.org AAAA 2001:db8::5',
      'example.org MX 10 mx.example.org',
      'example.com MX 10 mx.example.org',
      'example.org TXT v=spf1 mx -all',
      `default._domainkey.example.org TXT v=DKIM1; k=rsa; p=${rsaRecord}`,
      '_dmarc.example.org TXT v=DMARC1; p=none; rua=mailto:postmaster@example.org',
      '_smtp._tls.example.org TXT v=TLSRPTv1; rua=mailto:postmaster@example.org',
      '_submissions._tcp.example.org SRV 0 1 465 mx.example.org',
      '_imaps._tcp.example.org SRV 0 1 993 mx.example.org',
      'mta-sts.example.org CNAME mx.example.org',
      'autoconfig.example.com CNAME mx.example.org',
    ]),
  );
  expect(lines.find((line) => line.startsWith('default._domainkey.example.com'))).toMatch(
    /TXT v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=$/,
  );
  expect(lines.find((line) => line.startsWith('_25._tcp'))).toMatch(
    /^_25\._tcp\.mx\.example\.org TLSA 3 1 1 [0-9a-f]{64}$/,
  );
  // On loopback only, so nobody is sent there.
  expect(lines.join('\n')).not.toContain('_submission._tcp');
});

it('says plainly what it does not know', async () => {
  rmSync(join(cwd, 'dkim_keys/example.com_default.key'));
  const { stdout } = await runCli(['dns', 'maddy.conf'], { cwd });
  expect(stdout).toContain(
    '; not known: the public address of mx.example.org: name it with --address\n; mx.example.org. IN A …',
  );
  expect(stdout).toContain(
    `; not known: the public key of ${cwd}/dkim_keys/example.com_default.key: it is not there; the server makes it when it first starts\n`,
  );
  const asJson = JSON.parse((await runCli(['dns', '--json', 'maddy.conf'], { cwd })).stdout);
  expect(asJson.records).toContainEqual(
    expect.objectContaining({ name: 'default._domainkey.example.com', type: 'TXT', value: null }),
  );
});

it('lets the relay send, when there is one', async () => {
  expect(await zoneLines('relay.conf')).toContain('example.org TXT v=spf1 a:relay.example.net ~all');
});

it('prints the files for the web server', async () => {
  const policy = await runCli(
    ['dns', '--print', 'mta-sts', '--mta-sts', 'enforce', '--domain', 'example.org', 'maddy.conf'],
    { cwd },
  );
  expect(policy.stdout).toBe('version: STSv1\r\nmode: enforce\r\nmx: mx.example.org\r\nmax_age: 604800\r\n');
  const several = await runCli(['dns', '--print', 'autoconfig', 'maddy.conf'], { cwd });
  expect(several).toMatchObject({ code: 2, stderr: expect.stringContaining('choose with --domain') });
});

it('finds nothing missing in the zone that it printed itself, and what is wrong in another', async () => {
  const zone = (await runCli(['dns', '--address', '203.0.113.5', 'maddy.conf'], { cwd })).stdout;
  writeFileSync(join(cwd, 'own.zone'), zone);
  const own = await runCli(['dns', '--check', 'own.zone', '--address', '203.0.113.5', 'maddy.conf'], { cwd });
  // The key that nobody has is missing in both.
  expect(own.stdout).not.toMatch(/^(error|warning) (?!.*TXT {3}default\._domainkey\.example\.com)/m);
  writeFileSync(
    join(cwd, 'bad.zone'),
    zone.replaceAll('IN MX 10 mx.', 'IN MX 10 old.').replace('v=spf1 mx -all', 'v=spf1 +all'),
  );
  const bad = await runCli(['dns', '--check', 'bad.zone', 'maddy.conf'], { cwd });
  expect(bad.code).toBe(1);
  expect(bad.stdout).toContain(
    'error   MX    example.org\n          mail goes to old.example.org, not to mx.example.org\n          wanted: 10 mx.example.org\n',
  );
  expect(bad.stdout).toContain('error   TXT   example.org\n          it allows everybody (+all)\n');
});

it('asks DNS', async () => {
  const server = await DnsServer.start({
    'mx.example.org.': { A: ['203.0.113.5'] },
    'example.org.': { MX: [{ host: 'mx.example.org.', pref: 10 }], TXT: ['v=spf1 mx -all'] },
    'default._domainkey.example.org.': { TXT: ['v=DKIM1; k=rsa; p=AAAA'] },
    '5.113.0.203.in-addr.arpa.': { PTR: ['static-5.provider.test.'] },
    '_dmarc.example.org.': { err: true },
  });
  try {
    const args = ['--check', 'live', '--server', `127.0.0.1:${server.port}`, '--domain', 'example.org'];
    const { code, stdout } = await runCli(['dns', ...args, 'maddy.conf'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('ok      A     mx.example.org\n');
    expect(stdout).toContain('ok      MX    example.org\n');
    expect(stdout).toContain('ok      TXT   example.org\n');
    expect(stdout).toContain('error   TXT   default._domainkey.example.org\n          it holds another key');
    expect(stdout).toContain('unknown TXT   _dmarc.example.org\n          DNS did not answer');
    expect(stdout).toContain(
      'warning PTR   5.113.0.203.in-addr.arpa\n          it leads to static-5.provider.test, not to mx.example.org',
    );
  } finally {
    await server.stop();
  }
});

it.each([
  [['--address', 'mx.example.org'], 'not an IP address'],
  [['--reports', 'nobody'], 'not a mail address'],
  [['--check', 'live', '--server', 'ns'], 'not an address'],
  [['--check', 'nowhere.zone'], 'no such file'],
])('%j is wrong use', async (args, words) => {
  const { code, stderr } = await runCli(['dns', ...args, 'maddy.conf'], { cwd });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(words) });
});
