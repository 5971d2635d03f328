import { createSecureContext } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { createSelfSigned } from '../../../runtime/tls/self-signed.ts';
import type { Zones } from '../../kit/dns-server.ts';
import { type Outgoing, RemoteWorld, type WorldOptions } from '../../kit/remote-world.ts';
import type { SinkScript } from '../../kit/sink.ts';

const worlds: RemoteWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

async function start(options: WorldOptions): Promise<RemoteWorld> {
  const world = await RemoteWorld.start(options);
  worlds.push(world);
  return world;
}

/** A domain with one server at 127.0.0.2. */
function single(script: Partial<SinkScript> = {}, remote = ''): WorldOptions {
  return {
    zones: {
      'example.test.': { MX: [{ host: 'mx.example.test.', pref: 10 }] },
      'mx.example.test.': { A: ['127.0.0.2'] },
    },
    servers: { '127.0.0.2': script },
    remote,
  };
}

const toBob: Outgoing = { to: ['bob@example.test'] };
const delivered = ['250 2.0.0 OK: queued'];

/** Recorded with maddy (mta-replies); the class of enhanced codes is that of the reply (D7). */
describe('where mail goes, and what is said when it cannot', () => {
  test('to the server of the domain, two recipients in one transaction', async () => {
    const world = await start(single());
    expect(await world.send({ to: ['bob@example.test', 'eve@Example.Test'] })).toEqual(delivered);
    expect(world.sink('127.0.0.2').sessions.map(({ commands }) => commands)).toEqual([
      [
        'EHLO mx.maddy.test',
        'MAIL FROM:<ann@from.test> BODY=8BITMIME',
        'RCPT TO:<bob@example.test>',
        'RCPT TO:<eve@example.test>',
        'DATA',
      ],
    ]);
    expect(world.sink('127.0.0.2').sessions[0]?.messages[0]).toContain('\r\nHello.\r\n');
  });

  test('to the best server that can be reached, by preference', async () => {
    const world = await start({
      zones: {
        'example.test.': {
          MX: [
            { host: 'c.example.test.', pref: 30 },
            { host: 'a.example.test.', pref: 10 },
            { host: 'b.example.test.', pref: 20 },
          ],
        },
        'a.example.test.': { A: ['127.0.0.3'] },
        'b.example.test.': { A: ['127.0.0.4'] },
        'c.example.test.': { A: ['127.0.0.2'] },
      },
      servers: { '127.0.0.2': {}, '127.0.0.4': { replies: [{ to: '<connect>', reply: '554 5.7.1 go away' }] } },
    });
    expect(await world.send(toBob)).toEqual(delivered);
    expect(world.sink('127.0.0.2').sessions).toHaveLength(1);
    const failures = world.log.split('\n').filter((line) => line.includes('cannot use MX'));
    expect(failures).toHaveLength(2);
    expect(failures[0]).toContain('"remote_server":"a.example.test."');
    expect(failures[0]).toContain('"smtp_code":450');
    expect(failures[1]).toContain('"remote_server":"b.example.test."');
  });

  test('to any address of a server that answers', async () => {
    const world = await start({
      ...single(),
      zones: {
        'example.test.': { MX: [{ host: 'mx.example.test.', pref: 10 }] },
        'mx.example.test.': { A: ['127.0.0.3', '127.0.0.2'], AAAA: ['::1'] },
      },
    });
    expect(await world.send(toBob)).toEqual(delivered);
  });

  test('to the domain itself, when it has no MX record', async () => {
    const world = await start({ ...single(), zones: { 'example.test.': { A: ['127.0.0.2'] } } });
    expect(await world.send(toBob)).toEqual(delivered);
  });

  test('in A-labels', async () => {
    const world = await start({
      ...single(),
      zones: { 'xn--bcher-kva.test.': { MX: [{ host: 'mx.test.', pref: 1 }] }, 'mx.test.': { A: ['127.0.0.2'] } },
    });
    expect(await world.send({ from: 'ann@xn--bcher-kva.test', to: ['bob@xn--bcher-kva.test'] })).toEqual(delivered);
    expect(world.sink('127.0.0.2').sessions[0]?.commands.slice(1, 3)).toEqual([
      'MAIL FROM:<ann@xn--bcher-kva.test> BODY=8BITMIME',
      'RCPT TO:<bob@xn--bcher-kva.test>',
    ]);
  });

  const nobody = { MX: [{ host: 'mx.example.test.', pref: 10 }] };
  test.each<[string, Zones, string]>([
    ['SERVFAIL', { 'example.test.': { err: true } }, '451 4.4.4 MX lookup error'],
    ['no such domain', {}, '554 5.4.4 MX lookup error'],
    [
      'null MX',
      { 'example.test.': { MX: [{ host: '.', pref: 0 }] } },
      '556 5.1.10 Domain does not accept email (null MX)',
    ],
    [
      'nobody listens',
      { 'example.test.': nobody, 'mx.example.test.': { A: ['127.0.0.9'] } },
      '451 4.4.0 No usable MXs, last err: dial tcp 127.0.0.9:PORT: connect: connection refused',
    ],
    [
      'a server without an address',
      { 'example.test.': nobody },
      '550 5.4.0 No usable MXs, last err: lookup mx.example.test: no such host',
    ],
    [
      'a server whose address cannot be told',
      { 'example.test.': nobody, 'mx.example.test.': { err: true } },
      '451 4.4.0 No usable MXs, last err: lookup mx.example.test (AAAA): SERVFAIL from 127.0.0.1 port PORT',
    ],
  ])('%s', async (_about, zones, reply) => {
    const world = await start({ zones });
    const replies = await world.send(toBob);
    expect(replies.map((each) => each.replace(/(:|port )\d{4,5}\b/, '$1PORT'))).toEqual([reply]);
  });

  test.each<[string, string]>([
    ['421 4.3.2 too busy here', '451 4.4.0 No usable MXs, last err: SMTP error 421: too busy here'],
    ['554 5.7.1 go away', '550 5.4.0 No usable MXs, last err: SMTP error 554: go away'],
    ['<close>', '451 4.4.0 No usable MXs, last err: the server has closed the connection'],
  ])('greeted with %s', async (greeting, reply) => {
    const world = await start(single({ replies: [{ to: '<connect>', reply: greeting }] }));
    expect(await world.send(toBob)).toEqual([reply]);
  });

  test('recipients without a domain that DNS knows', async () => {
    const world = await start(single());
    expect(await world.send({ to: ['bob@[127.0.0.2]'] })).toEqual(['550 5.1.1 IP address literals are not supported']);
    expect(world.sink('127.0.0.2').sessions).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['RCPT', '552 5.2.2 over quota', '552 5.2.2 mx.example.test. said: over quota'],
    ['RCPT', '551 no enh code', '551 5.0.0 mx.example.test. said: no enh code'],
    ['RCPT', '450 4.7.1 grey', '450 4.7.1 mx.example.test. said: grey'],
    ['RCPT', '550-5.1.1 line one\r\n550 5.1.1 line two', '550 5.1.1 mx.example.test. said: line one'],
    ['MAIL', '550 5.7.1 bad sender', '550 5.7.1 mx.example.test. said: bad sender'],
    ['<data>', '554 5.6.0 content bad', '554 5.6.0 mx.example.test. said: content bad'],
    ['<data>', '<close>', '451 4.4.2 The next server has closed the connection before it took the message'],
  ])('%s answered with %s', async (to, reply, told) => {
    const world = await start(single({ replies: [{ to, reply }] }));
    expect(await world.send(toBob)).toEqual([told]);
  });

  test('each domain for itself, and what failed is told by name', async () => {
    const world = await start({
      zones: {
        'one.test.': { A: ['127.0.0.2'] },
        'two.test.': { A: ['127.0.0.3'] },
        'three.test.': { A: ['127.0.0.4'] },
      },
      servers: {
        '127.0.0.2': {},
        '127.0.0.3': { replies: [{ to: '<data>', reply: '451 4.3.0 later' }] },
        '127.0.0.4': { replies: [{ to: 'RCPT', reply: '550 5.1.1 nobody' }] },
      },
    });
    expect(await world.send({ to: ['a@one.test', 'b@two.test', 'c@three.test'] })).toEqual([
      '550 5.1.1 three.test said: nobody',
      '451 4.3.0 <b@two.test>: 451 4.3.0 two.test said: later',
    ]);
    expect(world.sink('127.0.0.2').sessions[0]?.messages).toHaveLength(1);
  });
});

describe('connections', () => {
  test('carry one message more than conn_reuse_limit', async () => {
    const world = await start(single({}, 'conn_reuse_limit 1'));
    for (let message = 0; message < 4; message++) expect(await world.send(toBob)).toEqual(delivered);
    expect(world.sink('127.0.0.2').sessions.map(({ messages }) => messages.length)).toEqual([2, 2]);
  });

  test('one that the server has closed meanwhile costs a new one', async () => {
    const world = await start(single());
    expect(await world.send(toBob)).toEqual(delivered);
    world.sink('127.0.0.2').drop();
    expect(await world.send(toBob)).toEqual(delivered);
    expect(world.sink('127.0.0.2').sessions).toHaveLength(2);
  });

  test('are not kept where none may be', async () => {
    const world = await start(single({}, 'conn_max_idle_count 0'));
    for (let message = 0; message < 2; message++) expect(await world.send(toBob)).toEqual(delivered);
    expect(world.sink('127.0.0.2').sessions).toHaveLength(2);
  });

  test('over a limit of the destination wait, and are refused', { timeout: 20_000 }, async () => {
    const world = await start({
      ...single({ replies: [{ to: '<data>', reply: '<silence>' }] }),
      remote: 'limits { destination concurrency 1 }',
    });
    const first = world.send(toBob);
    while (world.sink('127.0.0.2').sessions.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await world.send(toBob)).toEqual(['451 4.4.5 High load, try again later']);
    world.sink('127.0.0.2').drop();
    expect(await first).toEqual(['451 4.4.2 The next server has closed the connection before it took the message']);
  });

  test('come from local_ip', async () => {
    const world = await start(single({}, 'local_ip 127.0.0.77'));
    expect(await world.send(toBob)).toEqual(delivered);
    expect(world.sink('127.0.0.2').sessions[0]?.from).toBe('127.0.0.77');
  });
});

describe('TLS where it is offered', () => {
  const certificate = createSelfSigned(['mx.example.test']);
  const secureContext = createSecureContext(certificate);
  const offering = { ext: ['STARTTLS', '8BITMIME'], tls: { secureContext, implicit: false } };

  test('a certificate that nobody vouches for encrypts all the same, over the same connection', async () => {
    const world = await start(single(offering));
    expect(await world.send(toBob)).toEqual(delivered);
    expect(world.sink('127.0.0.2').sessions.map(({ commands }) => commands)).toEqual([
      [
        'EHLO mx.maddy.test',
        'STARTTLS',
        'EHLO mx.maddy.test',
        'MAIL FROM:<ann@from.test> BODY=8BITMIME',
        'RCPT TO:<bob@example.test>',
        'DATA',
      ],
    ]);
  });

  test('a handshake that fails: again, without', async () => {
    const world = await start(
      single({ ext: ['STARTTLS'], tls: { secureContext: createSecureContext(), implicit: false } }),
    );
    expect(await world.send(toBob)).toEqual(delivered);
    expect(world.sink('127.0.0.2').sessions.map(({ commands }) => commands)).toEqual([
      ['EHLO mx.maddy.test', 'STARTTLS'],
      ['EHLO mx.maddy.test', 'MAIL FROM:<ann@from.test>', 'RCPT TO:<bob@example.test>', 'DATA'],
    ]);
    expect(world.log).toContain('TLS error, trying plaintext');
  });

  test('STARTTLS refused: no mail without it', async () => {
    const world = await start(single({ ext: ['STARTTLS'], replies: [{ to: 'STARTTLS', reply: '454 4.7.0 not now' }] }));
    expect(await world.send(toBob)).toEqual([
      '451 4.4.0 No usable MXs, last err: TLS is required, but the next server refuses STARTTLS: not now',
    ]);
  });

  test('REQUIRETLS cannot be kept without it', async () => {
    const world = await start(single());
    const text = '550 5.7.30 TLS it not available or unauthenticated but required (REQUIRETLS)';
    expect(await world.send({ ...toBob, parameters: ' REQUIRETLS' })).toEqual([text]);
  });
});
