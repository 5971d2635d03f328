import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../kit/free-port.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { describeWithServices, type Service, startService } from '../kit/services.ts';
import { WireClient } from '../kit/wire-client.ts';

const clientAddress = '127.0.0.7';

/** Where HAProxy hands connections on to. */
const doors = ['clear', 'secure', 'distrustful'] as const;
type Door = (typeof doors)[number];

describeWithServices('behind HAProxy', ['haproxy'], () => {
  let directory: string;
  let server: ServerProcess;
  const proxies = new Map<Door, Service>();
  let sent = 0;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mc-haproxy-'));
    const ports = { clear: await freePort(), secure: await freePort(), distrustful: await freePort() };
    const path = join(directory, 'maddy.conf');
    await writeFile(
      path,
      `state_dir ${directory}/state
runtime_dir ${directory}/run
hostname mx.example.org
tls self_signed
target.maildir boxes { path mail }
smtp tcp://127.0.0.1:${ports.clear} tls://127.0.0.1:${ports.secure} {
    proxy_protocol {
        trust 127.0.0.1
    }
    deliver_to &boxes
}
smtp tcp://127.0.0.1:${ports.distrustful} {
    proxy_protocol {
        trust 192.0.2.0/24
    }
    deliver_to &boxes
}
`,
    );
    server = await ServerProcess.start(['run', path]);
    for (const door of doors) {
      proxies.set(door, await startService('haproxy', { HAPROXY_BACKEND: `127.0.0.1:${ports[door]}` }));
    }
  });

  afterAll(async () => {
    for (const proxy of proxies.values()) await proxy.dispose();
    expect(await server?.stop()).toBe(0);
    await rm(directory, { recursive: true, force: true });
  });

  async function connect(door: Door, port: 'PROXY_V1_PORT' | 'PROXY_V2_PORT' | 'PLAIN_PORT'): Promise<WireClient> {
    return WireClient.connect(Number(proxies.get(door)?.env[port]), clientAddress);
  }

  /** Sends a message over a greeted connection; gives the log line of its beginning and its Received field. */
  async function send(client: WireClient): Promise<{ readonly logged: string; readonly received: string }> {
    const sender = `sender-${++sent}@x.test`;
    expect(await client.say('EHLO client.test')).toMatch(/^250-Hello client\.test$/m);
    expect(await client.say(`MAIL FROM:<${sender}>`)).toMatch(/^250 /);
    expect(await client.say('RCPT TO:<b@y.test>')).toMatch(/^250 /);
    expect(await client.say('DATA')).toMatch(/^354 /);
    expect(await client.say('Subject: s', '', 'Hello.', '.')).toMatch(/^250 /);
    expect(await client.say('QUIT')).toMatch(/^221 /);
    await server.logged(new RegExp(`incoming message.*"sender":"${sender}"`));
    const logged = server.log.split('\n').find((line) => line.includes(sender));
    const mailbox = join(directory, 'state', 'mail', 'new');
    const messages = await Promise.all((await readdir(mailbox)).map((file) => readFile(join(mailbox, file), 'utf8')));
    const unfolded = messages.map((text) => text.replace(/\r?\n(?=[ \t])/g, ''));
    const received = unfolded
      .flatMap((text) => text.split(/\r?\n/))
      .find((line) => line.startsWith('Received:') && line.includes(`(envelope-sender <${sender}>)`));
    return { logged: logged ?? '', received: received ?? '' };
  }

  for (const [version, port] of [
    ['version 1', 'PROXY_V1_PORT'],
    ['version 2', 'PROXY_V2_PORT'],
  ] as const) {
    it(`${version} tells who the client is`, async () => {
      const client = await connect('clear', port);
      expect(await client.reply()).toMatch(/^220 mx\.example\.org /);
      const source = client.localEndpoint;
      const { logged, received } = await send(client);
      expect(logged).toContain(`"src_ip":"${source}"`);
      expect(received).toContain(`[${clientAddress}]`);
    });

    it(`${version} before STARTTLS`, async () => {
      const client = await connect('clear', port);
      await client.reply();
      expect(await client.say('EHLO client.test')).toMatch(/^250-STARTTLS$/m);
      expect(await client.say('STARTTLS')).toMatch(/^220 /);
      await client.startTls();
      const { logged, received } = await send(client);
      expect(logged).toContain(`"src_ip":"${clientAddress}:`);
      expect(received).toMatch(new RegExp(`\\[${clientAddress}\\].* with ESMTPS `));
    });

    it(`${version} before TLS from the first byte`, async () => {
      const client = await connect('secure', port);
      await client.startTls();
      expect(await client.reply()).toMatch(/^220 mx\.example\.org /);
      const { logged, received } = await send(client);
      expect(logged).toContain(`"src_ip":"${clientAddress}:`);
      expect(received).toMatch(new RegExp(`\\[${clientAddress}\\].* with ESMTPS `));
    });

    it(`${version} from a proxy that is not trusted is read, but not believed`, async () => {
      const client = await connect('distrustful', port);
      await client.reply();
      const { logged, received } = await send(client);
      expect(logged).toContain('"src_ip":"127.0.0.1:');
      expect(received).not.toContain(clientAddress);
      expect(server.log).toMatch(/^smtp\/proxy: connection from untrusted source 127\.0\.0\.1:\d+/m);
    });
  }

  it('a proxy that sends no header is the client', async () => {
    const client = await connect('clear', 'PLAIN_PORT');
    await client.reply();
    const { logged } = await send(client);
    expect(logged).toContain('"src_ip":"127.0.0.1:');
  });

  it('many at a time keep their own addresses', async () => {
    const each = Array.from({ length: 20 }, async (_, at) => {
      const client = await connect('clear', at % 2 === 0 ? 'PROXY_V1_PORT' : 'PROXY_V2_PORT');
      await client.reply();
      const source = client.localEndpoint;
      const { logged } = await send(client);
      expect(logged).toContain(`"src_ip":"${source}"`);
    });
    await Promise.all(each);
  });
});
