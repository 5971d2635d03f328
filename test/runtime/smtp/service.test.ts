import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { EndpointAddress } from '../../../runtime/net/endpoint-address.ts';
import { ListenerTable } from '../../../runtime/net/listener-table.ts';
import { TrustList } from '../../../runtime/net/trust-list.ts';
import type { ConnectionOptions } from '../../../runtime/smtp/connection.ts';
import type { SessionOptions } from '../../../runtime/smtp/options.ts';
import { type ConnectionCaps, type Ending, SmtpService } from '../../../runtime/smtp/service.ts';
import { createSelfSigned } from '../../../runtime/tls/self-signed.ts';
import { FakeBackend, type FakeBackendOptions, recordingLog, sessionOptions } from '../../kit/session.ts';
import { WireClient } from '../../kit/wire-client.ts';

const handshake = { secureContext: createSecureContext(createSelfSigned(['mx.maddy.test'])) };
const tls = () => handshake;
const greeting = '220 mx.maddy.test ESMTP Service Ready';
const atOnce: Ending = { idleAfter: 0, allAfter: 0 };

interface Setting extends Partial<Omit<ConnectionOptions, 'session' | 'backend'>> {
  readonly session?: Partial<SessionOptions>;
  readonly backend?: FakeBackendOptions;
  readonly caps?: Partial<ConnectionCaps>;
  readonly address?: EndpointAddress;
  readonly implicitTls?: boolean;
  /** Between opening the port and serving there. */
  readonly beforehand?: (port: number) => Promise<void>;
}

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function serve(setting: Setting = {}) {
  const { session = {}, backend: backendOptions, caps, address, implicitTls, beforehand, ...options } = setting;
  const backend = new FakeBackend(backendOptions);
  const service = new SmtpService(
    {
      session: sessionOptions({ now: Date.now, tls: options.startTls !== undefined, ...session }),
      backend,
      startTls: null,
      proxy: null,
      readTimeout: 60_000,
      writeTimeout: 60_000,
      ...options,
    },
    { total: 0, perAddress: 0, ...caps },
  );
  const listeners = new ListenerTable();
  const claim = await listeners.claim(address ?? { kind: 'tcp', host: '127.0.0.1', port: 0, tls: false }, (socket) =>
    service.accept(socket, implicitTls ? tls : null),
  );
  await beforehand?.(claim.port ?? 0);
  claim.serve();
  cleanups.push(async () => {
    await claim.release();
    await service.end(atOnce);
  });
  const client = async (from?: string): Promise<WireClient> => {
    const made = await WireClient.connect(address?.kind === 'unix' ? address.path : (claim.port ?? 0), from);
    cleanups.push(() => made.destroy());
    return made;
  };
  return { service, backend, client, listeners, claim };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const transaction = 'HELO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\n';

describe('a connection', () => {
  test('carries a message, and closes after QUIT', async () => {
    const { client, backend } = await serve();
    const peer = await client();
    expect(await peer.line()).toBe(greeting);
    peer.send(`${transaction}DATA\r\n`);
    expect((await peer.lines(4)).at(-1)).toMatch(/^354 /);
    peer.send('Subject: x\r\n\r\n..y\r\n.\r\nQUIT\r\n');
    expect(await peer.lines(3)).toEqual(['250 2.0.0 OK: queued', '221 2.0.0 Bye', '<closed>']);
    expect(backend.messages).toMatchObject([{ body: '.y\r\n' }]);
  });

  test('a large message is taken in pieces', async () => {
    const { client, backend } = await serve({ backend: { slow: true } });
    const peer = await client();
    await peer.line();
    const body = `${'x'.repeat(100)}\r\n`.repeat(50_000);
    peer.send(`${transaction}DATA\r\n\r\n${body}.\r\nQUIT\r\n`);
    expect((await peer.lines(7)).slice(-3)).toEqual(['250 2.0.0 OK: queued', '221 2.0.0 Bye', '<closed>']);
    expect(backend.messages[0]?.body.length).toBe(body.length);
  });

  test('a client that half-closes behind its last command gets all answers', async () => {
    const { client } = await serve({ backend: { slow: true } });
    const peer = await client();
    peer.send(`${transaction}DATA\r\n\r\n.\r\n`);
    peer.halfClose();
    expect((await peer.lines(7)).slice(-2)).toEqual(['250 2.0.0 OK: queued', '<closed>']);
  });

  test('a client that came before the server served, and has ended its side, is greeted and let go', async () => {
    const early: WireClient[] = [];
    const { service } = await serve({
      beforehand: async (port) => {
        const client = await WireClient.connect(port);
        early.push(client);
        client.halfClose();
        await wait(50);
      },
    });
    for (const client of early) expect(await client.lines(2)).toEqual([greeting, '<closed>']);
    expect(service.size).toBe(0);
  });

  test('a client that came before the server served is heard in TLS', async () => {
    const early: WireClient[] = [];
    const handshakes: Promise<void>[] = [];
    await serve({
      implicitTls: true,
      beforehand: async (port) => {
        const client = await WireClient.connect(port);
        early.push(client);
        handshakes.push(client.startTls());
        await wait(50);
      },
    });
    await Promise.all(handshakes);
    for (const client of early) {
      expect(await client.line()).toBe(greeting);
      client.destroy();
    }
  });

  test('a client that is gone leaves no transaction', async () => {
    const { client, backend, service } = await serve();
    const peer = await client();
    peer.send(transaction);
    await peer.lines(4);
    peer.destroy();
    while (service.size > 0) await wait(2);
    expect(backend.happenings.slice(-2)).toEqual(['00000001 aborted', 'closed']);
  });

  test('a client that does not read its replies is not read from any more, and is ended', async () => {
    const { claim, service } = await serve({ writeTimeout: 200 });
    const socket = connect({ port: claim.port ?? 0, host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.pause();
    const burst = Buffer.from('NOOP\r\n'.repeat(20_000));
    const pump = setInterval(() => socket.write(burst), 1);
    cleanups.push(() => {
      clearInterval(pump);
      socket.destroy();
    });
    while (service.size === 0) await wait(2);
    while (service.size > 0) await wait(10);
    expect(socket.bytesWritten).toBeGreaterThan(burst.length);
  });

  test('idle too long', async () => {
    const { client } = await serve({ readTimeout: 100 });
    const peer = await client();
    expect(await peer.lines(3)).toEqual([greeting, '421 4.4.2 Idle timeout, bye bye', '<closed>']);
  });

  test('a line that takes for ever, letter by letter, is idling', async () => {
    const { client } = await serve({ readTimeout: 150 });
    const peer = await client();
    await peer.line();
    const drip = setInterval(() => peer.send('N'), 20);
    cleanups.push(() => clearInterval(drip));
    expect(await peer.line()).toBe('421 4.4.2 Idle timeout, bye bye');
  });

  test('content that drips is idling, too', async () => {
    const { client, backend } = await serve({ readTimeout: 150 });
    const peer = await client();
    peer.send(`${transaction}DATA\r\n`);
    await peer.lines(5);
    const drip = setInterval(() => peer.send('x\r\n'), 20);
    cleanups.push(() => clearInterval(drip));
    expect(await peer.lines(2)).toEqual([
      '451 4.4.2 Message did not arrive in time (msg ID = 00000001)',
      '421 4.4.2 Idle timeout, bye bye',
    ]);
    expect(backend.happenings).toContain('00000001 aborted');
  });

  test('more than may be', async () => {
    const { client, service } = await serve({ caps: { total: 3, perAddress: 2 } });
    const first = await client('127.0.0.2');
    const second = await client('127.0.0.2');
    for (const peer of [first, second]) expect(await peer.line()).toBe(greeting);
    expect(await (await client('127.0.0.2')).lines(2)).toEqual([
      '421 4.7.0 Too many connections, try again later',
      '<closed>',
    ]);
    const other = await client('127.0.0.3');
    expect(await other.line()).toBe(greeting);
    expect(await (await client('127.0.0.4')).line()).toMatch(/^421 /);
    first.destroy();
    while (service.size === 3) await wait(2);
    expect(await (await client('127.0.0.2')).line()).toBe(greeting);
  });
});

describe('TLS', () => {
  test('STARTTLS drops what was sent behind it in the clear', async () => {
    const { client, backend } = await serve({ startTls: tls });
    const peer = await client();
    await peer.line();
    peer.send(`${transaction}STARTTLS\r\nRSET\r\nHELO injected\r\n`);
    expect((await peer.lines(4)).at(-1)).toBe('220 2.0.0 Ready to start TLS');
    await peer.startTls();
    expect(await peer.ask('MAIL FROM:<a@b.test>')).toBe('502 5.5.1 Please introduce yourself first.');
    expect(await peer.ask('EHLO a')).toBe('250-Hello a');
    expect(await peer.lines(7)).toContain('250-REQUIRETLS');
    expect(backend.happenings).toContain('00000001 aborted');
  });

  test('from the first byte', async () => {
    const { client } = await serve({ implicitTls: true, startTls: tls });
    const peer = await client();
    await peer.startTls();
    expect(await peer.line()).toBe(greeting);
    expect(await peer.ask('STARTTLS')).toBe('502 5.5.1 Already running in TLS');
    expect(await peer.ask('QUIT')).toBe('221 2.0.0 Bye');
    expect(await peer.line()).toBe('<closed>');
  });

  test('a large message over TLS', async () => {
    const { client, backend } = await serve({ implicitTls: true, startTls: tls, backend: { slow: true } });
    const peer = await client();
    await peer.startTls();
    const body = `${'x'.repeat(100)}\r\n`.repeat(20_000);
    peer.send(`${transaction}DATA\r\n\r\n${body}.\r\n`);
    expect((await peer.lines(6)).at(-1)).toBe('250 2.0.0 OK: queued');
    expect(backend.messages[0]?.body.length).toBe(body.length);
  });

  test('a handshake that fails is told in the clear, behind the alert', async () => {
    const { client } = await serve({ startTls: tls });
    const peer = await client();
    peer.send('EHLO a\r\nSTARTTLS\r\n');
    await peer.lines(11);
    peer.send('\x16\x03\x01\x00\x05hello');
    expect(await peer.line()).toMatch(/550 5\.0\.0 Handshake error$/);
    expect(await peer.line()).toBe('<closed>');
  });

  test('a client that says no handshake, or none in time, is ended', async () => {
    const lines: string[] = [];
    const log = recordingLog(lines, 'smtp');
    const session = { log: { ...log, debug: log.message } };
    const { client, service } = await serve({ startTls: tls, readTimeout: 150, session });
    const garbage = await client();
    garbage.send('EHLO a\r\nSTARTTLS\r\n');
    await garbage.lines(11);
    garbage.send('this is no handshake at all, whatever one may say\r\n');
    expect(await garbage.line()).toBe('550 5.0.0 Handshake error');
    expect(await garbage.line()).toBe('<closed>');
    const silent = await client();
    silent.send('EHLO a\r\nSTARTTLS\r\n');
    await silent.lines(11);
    expect(await silent.line()).toBe('550 5.0.0 Handshake error');
    expect(await silent.line()).toBe('<closed>');
    const halfway = await client();
    halfway.send('EHLO a\r\nSTARTTLS\r\n');
    await halfway.lines(11);
    halfway.send('\x16\x03');
    expect(await halfway.line()).toBe('<closed>');
    const broken = await client();
    broken.send('EHLO a\r\nSTARTTLS\r\n');
    await broken.lines(11);
    broken.send('\x16\x03\x01\x00\x05hello');
    await broken.line();
    const gone = await client();
    gone.send('EHLO a\r\nSTARTTLS\r\n');
    await gone.lines(11);
    gone.destroy();
    while (service.size > 0) await wait(5);
    const failed = /^smtp: TLS handshake failed \{"reason":"(.+)","src_ip":"127\.0\.0\.1:\d+"\}$/;
    expect(lines.flatMap((line) => failed.exec(line)?.[1] ?? [])).toEqual([
      'the client goes on without TLS',
      'not complete within read_timeout',
      'not complete within read_timeout',
      expect.stringMatching(/./),
      'the client closed the connection',
    ]);
  });
});

describe('PROXY', () => {
  const addressOf = async (trust: readonly string[], header: string, log: string[] = []): Promise<unknown> => {
    const seen: unknown[] = [];
    const { client } = await serve({
      proxy: { trust: new TrustList(trust), tls: null },
      session: { log: recordingLog(log, 'smtp') },
      backend: {
        hello: ({ address, port, localAddress, localPort }) => {
          seen.push(address, localAddress);
          if (address === '192.0.2.9') seen.push(port, localPort);
          return null;
        },
      },
    });
    const peer = await client('127.109.97.100');
    expect(await peer.line()).toBe(greeting);
    for (const letter of header) peer.send(letter);
    expect(await peer.ask('HELO a')).toBe('250 2.0.0 Hello a');
    return seen;
  };
  const header = 'PROXY TCP4 192.0.2.9 192.0.2.10 4711 25\r\n';

  test('from a trusted peer', async () => {
    expect(await addressOf(['127.109.97.100', '::1/128'], header)).toEqual(['192.0.2.9', '192.0.2.10', 4711, 25]);
    expect(await addressOf([], header)).toEqual(['192.0.2.9', '192.0.2.10', 4711, 25]);
  });

  test('from somebody else it is read, but not believed', async () => {
    const log: string[] = [];
    expect(await addressOf(['10.0.0.0/8'], header, log)).toEqual(['127.109.97.100', '127.0.0.1']);
    expect(log).toContainEqual(
      expect.stringMatching(/^smtp\/proxy: connection from untrusted source 127\.109\.97\.100:\d+ /),
    );
  });

  test('missing, or without an address', async () => {
    expect(await addressOf([], '')).toEqual(['127.109.97.100', '127.0.0.1']);
    expect(await addressOf([], 'PROXY UNKNOWN\r\n')).toEqual(['127.109.97.100', '127.0.0.1']);
  });

  test('malformed: the connection ends', async () => {
    const { client } = await serve({ proxy: { trust: new TrustList([]), tls: null } });
    const peer = await client();
    await peer.line();
    peer.send('PROXY TCP4 nonsense\r\nHELO a\r\n');
    expect(await peer.line()).toBe('421 4.4.0 Connection error, sorry');
    expect(await peer.line()).toBe('<closed>');
  });

  test('before TLS from the first byte or in it, or missing', async () => {
    for (const [first, inside] of [
      [header, ''],
      ['', header],
      ['', ''],
    ] as const) {
      const { client } = await serve({
        proxy: { trust: new TrustList([]), tls: null },
        implicitTls: true,
        startTls: tls,
        backend: { hello: ({ address }) => ({ code: 550, enhanced: '5.7.1', text: `you are ${address}` }) },
      });
      const peer = await client();
      if (first !== '') peer.send(first);
      await peer.startTls();
      expect(await peer.line()).toBe(greeting);
      const address = first + inside === '' ? '127.0.0.1' : '192.0.2.9';
      expect(await peer.ask(`${inside}HELO a`)).toBe(`550 5.7.1 you are ${address}`);
    }
  });
});

describe('the end of the service (R9)', () => {
  test('idle sessions are told first, those at work when they are done', async () => {
    const { client, service, claim } = await serve();
    const idle = await client();
    const busy = await client();
    busy.send(transaction);
    await busy.lines(4);
    await idle.line();
    await claim.release();
    const ended = service.end({ idleAfter: 50, allAfter: 5000 });
    expect(await idle.ask('NOOP')).toBe('250 2.0.0 I have successfully done nothing');
    expect(await idle.lines(2)).toEqual(['421 4.3.2 Service is shutting down, please come back', '<closed>']);
    expect(await busy.ask('DATA')).toMatch(/^354 /);
    busy.send('.\r\n');
    expect(await busy.lines(3)).toEqual([
      '250 2.0.0 OK: queued',
      '421 4.3.2 Service is shutting down, please come back',
      '<closed>',
    ]);
    await ended;
  });

  test('nobody can hold it', async () => {
    const { client, service } = await serve({ startTls: tls });
    for (const text of [transaction, `${transaction}DATA\r\nx: y\r\n`, 'EHLO a\r\nSTARTTLS\r\n', 'HEL']) {
      (await client()).send(text);
    }
    while (service.size < 4) await wait(2);
    await service.end({ idleAfter: 10, allAfter: 50 });
    expect(service.size).toBe(0);
  });
});

describe('listeners', () => {
  test('a claimed address can be claimed again: the same socket, another handler, no connection lost', async () => {
    const listeners = new ListenerTable();
    const served: string[] = [];
    const handler = (name: string) => (socket: import('node:net').Socket) => {
      served.push(name);
      socket.end();
    };
    const directory = mkdtempSync(join(tmpdir(), 'maddyc-net-'));
    const address: EndpointAddress = { kind: 'unix', path: join(directory, 's') };
    cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
    const come = async (count: number): Promise<void> => {
      (await WireClient.connect(address.path)).destroy();
      while (served.length < count) await wait(2);
    };
    const first = await listeners.claim(address, handler('first'));
    const early = await WireClient.connect(address.path);
    await wait(5);
    expect(served).toEqual([]);
    first.serve();
    expect(served).toEqual(['first']);
    early.destroy();
    await come(2);
    const second = await listeners.claim(address, handler('second'));
    const given = await listeners.claim(address, handler('third'));
    await come(3);
    await given.release();
    second.serve();
    await first.release();
    await come(4);
    expect(served).toEqual(['first', 'first', 'first', 'second']);
    await second.release();
    expect(existsSync(address.path)).toBe(false);
    await expect(WireClient.connect(address.path)).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  });

  test('says what is wrong in maddy’s words', async () => {
    const { claim } = await serve();
    const listeners = new ListenerTable();
    const tcp = (host: string, port = 0): EndpointAddress => ({ kind: 'tcp', host, port, tls: false });
    const claiming = (address: EndpointAddress) => listeners.claim(address, () => {});
    await expect(claiming(tcp('127.0.0.1', claim.port ?? 0))).rejects.toThrow(
      `listen tcp 127.0.0.1:${claim.port}: bind: address already in use`,
    );
    await expect(claiming(tcp('localhost'))).rejects.toThrow('ParseAddr("localhost"): unable to parse IP');
    await expect(claiming(tcp(''))).rejects.toThrow('no IP');
    await expect(claiming({ kind: 'unix', path: '/nonexistent/s' })).rejects.toThrow(
      /^listen unix \/nonexistent\/s: bind: /,
    );
  });

  test('clients of a socket for both families have IPv4 addresses', async () => {
    const seen: unknown[] = [];
    const { client } = await serve({
      address: { kind: 'tcp', host: '::', port: 0, tls: false },
      backend: {
        hello: ({ address }) => {
          seen.push(address);
          return null;
        },
      },
    });
    const peer = await client('127.0.0.2');
    await peer.line();
    await peer.ask('HELO a');
    expect(seen).toEqual(['127.0.0.2']);
  });
});
