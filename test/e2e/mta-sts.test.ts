import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSelfSigned } from '../../runtime/tls/self-signed.ts';
import { DnsServer } from '../kit/dns-server.ts';
import { freePort } from '../kit/free-port.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { Sink } from '../kit/sink.ts';
import { WireClient } from '../kit/wire-client.ts';

const webHost = '127.0.0.8';
const mailHost = '127.0.0.2';

/** Who publishes policies, and under which names; the names of their mail servers in the policy. */
const policies: Readonly<Record<string, string>> = {
  'good.test': 'mx.good.test',
  'moved.test': 'mx.elsewhere.test',
  'weak.test': 'mx.weak.test',
};
const domains = Object.keys(policies);
const web = createSelfSigned(domains.map((domain) => `mta-sts.${domain}`));
const mail = createSelfSigned(['mx.good.test']);

const asked: string[] = [];
const webServer = createServer(web, ({ headers: { host = '' }, url }, response) => {
  asked.push(`${host}${url}`);
  response.writeHead(200, { 'content-type': 'text/plain' });
  const mx = policies[host.replace(/^mta-sts\./, '')];
  response.end(`version: STSv1\nmode: enforce\nmx: ${mx}\nmax_age: 86400\n`);
});

/** Policies are fetched at the usual port, and only there. */
const refusal = await new Promise<string | null>((resolve) => {
  webServer.once('error', (error) => resolve(error.message));
  webServer.listen(443, webHost, () => resolve(null));
});
if (refusal !== null) console.log(`MTA-STS through the whole server is skipped: ${refusal}`);

describe.skipIf(refusal !== null)('mx_auth { mtasts } of a whole server', () => {
  const directory = mkdtempSync(join(tmpdir(), 'maddyc-sts-'));
  let dns: DnsServer;
  let sink: Sink;
  let server: ServerProcess;
  let port = 0;

  beforeAll(async () => {
    const tls = { secureContext: createSecureContext(mail), implicit: false };
    sink = await Sink.listen({ proto: 'smtp', ext: ['STARTTLS', '8BITMIME'], tls }, { host: mailHost, port: 0 });
    const zones = domains.map((domain) => [
      [`${domain}.`, { MX: [{ host: `mx.${domain}.`, pref: 10 }] }],
      [`mx.${domain}.`, { A: [mailHost] }],
      [`_mta-sts.${domain}.`, { TXT: ['v=STSv1; id=20261122;'] }],
      [`mta-sts.${domain}.`, { A: [webHost] }],
    ]);
    dns = await DnsServer.start(Object.fromEntries(zones.flat()));
    port = await freePort();
    mkdirSync(join(directory, 'state'));
    writeFileSync(join(directory, 'web.pem'), web.cert);
    writeFileSync(join(directory, 'state', 'mail.pem'), mail.cert);
    writeFileSync(
      join(directory, 'maddy.conf'),
      `state_dir ${directory}/state
runtime_dir ${directory}/run
hostname mx.maddy.test
tls off
target.remote out {
    mx_auth {
        mtasts
    }
    tls_client {
        root_ca mail.pem
    }
}
smtp tcp://127.0.0.1:${port} {
    deliver_to &out
}
`,
    );
    server = await ServerProcess.start(
      [
        '-config',
        join(directory, 'maddy.conf'),
        `-debug.dnsoverride=${dns.address}`,
        `-debug.smtpport=${sink.port}`,
        'run',
      ],
      { NODE_EXTRA_CA_CERTS: join(directory, 'web.pem') },
    );
  });

  afterAll(async () => {
    await server?.stop();
    await dns?.stop();
    await sink?.close();
    webServer.close();
    await once(webServer, 'close');
    rmSync(directory, { recursive: true });
  });

  async function send(to: string): Promise<string> {
    const client = await WireClient.connect(port);
    try {
      await client.reply();
      for (const command of ['EHLO client.test', 'MAIL FROM:<ann@from.test>', `RCPT TO:<${to}>`]) {
        const reply = await client.say(command);
        if (!/^250/.test(reply)) return reply;
      }
      await client.say('DATA');
      return await client.say('Subject: s', '', 'Hello.', '.');
    } finally {
      client.destroy();
    }
  }

  it('fetches the policy at port 443, keeps it, and delivers where it is met', async () => {
    expect(await send('bob@good.test')).toBe('250 2.0.0 OK: queued');
    expect(await send('carl@good.test')).toBe('250 2.0.0 OK: queued');
    expect(sink.sessions.flatMap(({ messages }) => messages)).toHaveLength(2);
    expect(asked).toEqual(['mta-sts.good.test/.well-known/mta-sts.txt']);
    expect(readFileSync(join(directory, 'state', 'mtasts_cache', 'good.test'), 'utf8')).toContain('"mx.good.test"');
  });

  it.each([
    ['a server that the policy does not name', 'bob@moved.test', /^550 5\.4\.0 No usable MXs, last err: .*MTA-STS\)/],
    ['a server with a certificate of another name', 'bob@weak.test', /^451 4\.4\.0 No usable MXs, last err: .*MTA-STS/],
  ])('gives nothing to %s', async (_about, to, reply) => {
    const before = sink.sessions.flatMap(({ messages }) => messages).length;
    expect(await send(to)).toMatch(reply);
    expect(sink.sessions.flatMap(({ messages }) => messages)).toHaveLength(before);
  });
});
