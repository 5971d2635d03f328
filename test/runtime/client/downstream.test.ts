import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { Downstream, type DownstreamOptions } from '../../../runtime/client/downstream.ts';
import type { ClientAuth } from '../../../runtime/client/handshake.ts';
import { defaultPoolLimits } from '../../../runtime/client/pool.ts';
import { parseHeader } from '../../../runtime/message/header.ts';
import type { Delivery, Message, MessageContext, ReplyError } from '../../../runtime/module.ts';
import { monotonicTime } from '../../../runtime/monotonic-time.ts';
import type { EndpointAddress } from '../../../runtime/net/endpoint-address.ts';
import { createSelfSigned } from '../../../runtime/tls/self-signed.ts';
import { eventually } from '../../kit/eventually.ts';
import { messageContext } from '../../kit/modules.ts';
import { Sink, type SinkScript } from '../../kit/sink.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of opened.splice(0).toReversed()) await thing.close();
});

interface Setting {
  readonly auth?: ClientAuth;
  readonly starttls?: boolean;
  readonly keepAlways?: boolean;
  readonly maxMessages?: number;
  readonly timeout?: number;
  readonly trusted?: SecureContext;
  readonly onConnectError?: DownstreamOptions['onConnectError'];
}

async function sink(script: Partial<SinkScript> = {}): Promise<Sink> {
  const server = await Sink.listen({ proto: 'smtp', ...script });
  opened.push(server);
  return server;
}

function downstream(servers: readonly (Sink | EndpointAddress)[], proto: 'smtp' | 'lmtp', setting: Setting = {}) {
  const timeout = setting.timeout ?? 5000;
  const options: DownstreamOptions = {
    addresses: servers.map((server) =>
      server instanceof Sink ? { kind: 'tcp', host: '127.0.0.1', port: server.port, tls: false } : server,
    ),
    dial: {
      connectTimeout: timeout,
      commandTimeout: timeout,
      submissionTimeout: timeout,
      tls: setting.trusted === undefined ? {} : { secureContext: setting.trusted },
      now: Date.now,
    },
    handshake: {
      protocol: proto,
      hostname: 'mx.maddy.test',
      startTls: setting.starttls ? 'required' : 'never',
      auth: setting.auth ?? { mechanism: 'off' },
    },
    pool: {
      ...defaultPoolLimits,
      minMessages: setting.keepAlways ? 0 : defaultPoolLimits.minMessages,
      maxMessages: setting.maxMessages ?? defaultPoolLimits.maxMessages,
    },
    ...(setting.onConnectError !== undefined && { onConnectError: setting.onConnectError }),
  };
  const made = new Downstream(options);
  opened.push({ close: () => made.stop(monotonicTime() + 300) });
  return made;
}

function context(changes: Partial<MessageContext> = {}): MessageContext {
  return messageContext({ originalFrom: 'a@b.test', ...changes });
}

function message(of: MessageContext, headerText: string, bodyText: string): Message {
  const header = parseHeader(Buffer.from(headerText));
  if ('fault' in header) throw new Error(header.fault);
  const body = Buffer.from(bodyText);
  return { context: of, header, body: { size: body.length, chunks: () => [body] } };
}

type Fates = Readonly<Record<string, string>>;

/** Sends one message; what each recipient got to hear, at RCPT or at the end. */
async function send(target: Downstream, to: readonly string[], changes: Partial<MessageContext> = {}): Promise<Fates> {
  const of = context(changes);
  const delivery: Delivery = target.start(of, of.originalFrom);
  const fates: Record<string, string> = {};
  let accepted = 0;
  for (const recipient of to) {
    try {
      await delivery.addRecipient(recipient, recipient);
      accepted++;
    } catch (error) {
      fates[recipient] = said(error);
    }
  }
  if (accepted === 0) {
    await delivery.abort();
    return fates;
  }
  try {
    await delivery.body(message(of, 'Subject: x\r\n', 'text\r\n'), (recipient, failure) => {
      fates[recipient] = failure === null ? 'delivered' : said(failure);
    });
    await delivery.commit();
  } catch (error) {
    for (const recipient of to) fates[recipient] ??= said(error);
    await delivery.abort();
  }
  return fates;
}

function said(error: unknown): string {
  const { code, enhanced, text } = (error as ReplyError).reply;
  return `${code} ${enhanced} ${text}`;
}

/** Until the server has seen the ends of its connections. */
async function settled(server: Sink): Promise<void> {
  for (let wait = 0; wait < 200 && server.sessions.some((session) => !session.ended); wait++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A given-up connection is used again only when RSET has been answered. */
function resetAnswered(target: Downstream): Promise<void> {
  return eventually(() => target.connections.busy === 0);
}

describe('one message', () => {
  test('says what maddy says, one connection for each message while there are few', async () => {
    const server = await sink();
    const target = downstream([server], 'smtp');
    expect(await send(target, ['c@d.test', 'e@d.test'], { declaredSize: 512 })).toEqual({
      'c@d.test': 'delivered',
      'e@d.test': 'delivered',
    });
    expect(await send(target, ['c@d.test'])).toEqual({ 'c@d.test': 'delivered' });
    await settled(server);
    expect(server.sessions).toMatchObject([
      {
        commands: [
          'EHLO mx.maddy.test',
          'MAIL FROM:<a@b.test> BODY=8BITMIME SIZE=512',
          'RCPT TO:<c@d.test>',
          'RCPT TO:<e@d.test>',
          'DATA',
        ],
        messages: ['Subject: x\r\n\r\ntext\r\n'],
        ended: true,
      },
      {
        commands: ['EHLO mx.maddy.test', 'MAIL FROM:<a@b.test> BODY=8BITMIME', 'RCPT TO:<c@d.test>', 'DATA'],
        messages: ['Subject: x\r\n\r\ntext\r\n'],
        ended: true,
      },
    ]);
  });

  test('refusals are passed on: code, enhanced code, first line (D3)', async () => {
    const server = await sink({
      replies: [
        { to: 'RCPT TO:<bad@', reply: '550-5.1.1 No such user\r\n550 5.1.1 really' },
        { to: 'RCPT TO:<full@', reply: '552 5.2.2 Mailbox full' },
        { to: 'RCPT TO:<plain@', reply: '450 try later' },
        { to: 'RCPT TO:<odd@', reply: '354 what' },
        { to: '<data>', reply: '451 4.3.0 Disk trouble' },
      ],
    });
    const recipients = ['bad@x.test', 'full@x.test', 'plain@x.test', 'odd@x.test', 'ok@x.test'];
    expect(await send(downstream([server], 'smtp'), recipients)).toEqual({
      'bad@x.test': '550 5.1.1 No such user',
      'full@x.test': '552 5.2.2 Mailbox full',
      'plain@x.test': '450 4.0.0 try later',
      'odd@x.test': '451 4.5.0 Unexpected reply of the next server: 354 what',
      'ok@x.test': '451 4.3.0 Disk trouble',
    });
  });

  test('a refused sender is told for each recipient, and MAIL is tried again with the next', async () => {
    const server = await sink({ replies: [{ to: 'MAIL', reply: '553 5.7.1 sender refused' }] });
    const target = downstream([server], 'smtp');
    expect(await send(target, ['b@x.test', 'c@x.test'])).toEqual({
      'b@x.test': '553 5.7.1 sender refused',
      'c@x.test': '553 5.7.1 sender refused',
    });
    await settled(server);
    expect(server.sessions[0]?.commands).toEqual(['EHLO mx.maddy.test', 'MAIL FROM:<a@b.test> BODY=8BITMIME']);
  });

  test('LMTP: each recipient has its own fate, doubles included', async () => {
    const server = await sink({
      proto: 'lmtp',
      replies: [{ to: '<data> bad@x.test', reply: '552 5.2.2 <bad@x.test> Quota exceeded' }],
    });
    const target = downstream([server], 'lmtp');
    const of = context();
    const delivery = target.start(of, 'a@b.test');
    const fates: string[] = [];
    for (const to of ['ok@x.test', 'bad@x.test', 'ok@x.test']) await delivery.addRecipient(to, to);
    await delivery.body(message(of, 'A: b\r\n', ''), (to, failure) => {
      fates.push(`${to} ${failure === null ? 'delivered' : said(failure)}`);
    });
    expect(fates).toEqual([
      'ok@x.test delivered',
      'bad@x.test 552 5.2.2 <bad@x.test> Quota exceeded',
      'ok@x.test delivered',
    ]);
  });

  test('content is sent in wire form whatever it holds', async () => {
    const server = await sink();
    const target = downstream([server], 'smtp');
    const of = context();
    const delivery = target.start(of, 'a@b.test');
    await delivery.addRecipient('c@d.test', 'c@d.test');
    await delivery.body(message(of, '.Odd: field\r\n', '.\n.\r\n..\rx\r\n.\r\nMAIL FROM:<evil@x>\r\n'), null);
    expect(server.sessions[0]?.messages).toEqual(['.Odd: field\r\n\r\n.\r\n.\r\n.. x\r\n.\r\nMAIL FROM:<evil@x>\r\n']);
    expect(server.sessions[0]?.commands.filter((line) => line.startsWith('MAIL'))).toHaveLength(1);
  });

  test('an address with a line end in it does not become a command', async () => {
    const server = await sink();
    const target = downstream([server], 'smtp');
    const refused = '553 5.1.3 Address has characters that cannot be sent';
    const injected = 'b@d.test>\r\nRCPT TO:<evil@d.test';
    expect(await send(target, [injected])).toEqual({ [injected]: refused });
    expect(await send(target, ['b@d.test'], { originalFrom: 'a@b.test>\nRSET' })).toEqual({ 'b@d.test': refused });
    expect(server.sessions.flatMap((session) => session.commands)).not.toContain('RCPT TO:<evil@d.test>');
  });

  test('a large body arrives whole, also from a slow reader and from a body that comes later', async () => {
    const server = await sink();
    const target = downstream([server], 'smtp');
    const of = context();
    const delivery = target.start(of, 'a@b.test');
    await delivery.addRecipient('c@d.test', 'c@d.test');
    const chunk = Buffer.from(`${'x'.repeat(98)}\r\n`.repeat(700));
    async function* later(): AsyncIterable<Buffer> {
      for (let i = 0; i < 50; i++) yield chunk;
    }
    const whole = message(of, 'A: b\r\n', '');
    await delivery.body({ ...whole, body: { size: 50 * chunk.length, chunks: later } }, null);
    expect(server.sessions[0]?.messages[0]?.length).toBe('A: b\r\n\r\n'.length + 50 * chunk.length);
  });

  test('a body that cannot be read does not end as if it were complete', async () => {
    const server = await sink();
    const target = downstream([server], 'smtp');
    const of = context();
    const delivery = target.start(of, 'a@b.test');
    await delivery.addRecipient('c@d.test', 'c@d.test');
    const broken = {
      size: 10,
      chunks: function* (): Iterable<Buffer> {
        yield Buffer.from('half\r\n');
        throw new Error('disk trouble');
      },
    };
    await expect(delivery.body({ ...message(of, 'A: b\r\n', ''), body: broken }, null)).rejects.toThrow(/^451 4\.4\.2/);
    await settled(server);
    expect(server.sessions[0]?.messages).toEqual([]);
  });
});

describe('what a server offers', () => {
  test('SMTPUTF8 is used where it is there, else domains become A-labels (runtime-core 14)', async () => {
    const with8 = await sink();
    const utf8 = { smtputf8: true, originalFrom: 'тест@пример.test' };
    await send(downstream([with8], 'smtp'), ['имя@пример.test'], utf8);
    expect(with8.sessions[0]?.commands.slice(1, 3)).toEqual([
      'MAIL FROM:<тест@пример.test> BODY=8BITMIME SMTPUTF8',
      'RCPT TO:<имя@пример.test>',
    ]);
    const without = await sink({ ext: ['8BITMIME'] });
    const target = downstream([without], 'smtp');
    expect(
      await send(target, ['b@пример.test', 'имя@d.test'], { smtputf8: true, originalFrom: 'a@пример.test' }),
    ).toEqual({
      'b@пример.test': 'delivered',
      'имя@d.test': '553 5.6.7 SMTPUTF8 is unsupported, cannot convert recipient address',
    });
    expect(await send(target, ['b@d.test'], utf8)).toEqual({
      'b@d.test': '550 5.6.7 SMTPUTF8 is unsupported, cannot convert sender address',
    });
    expect(without.sessions[0]?.commands.slice(1, 3)).toEqual([
      'MAIL FROM:<a@xn--e1afmkfd.test> BODY=8BITMIME',
      'RCPT TO:<b@xn--e1afmkfd.test>',
    ]);
  });

  test('REQUIRETLS that cannot be kept is permanent, TLS that we require is temporary (D1)', async () => {
    const server = await sink({ ext: ['REQUIRETLS'] });
    expect(await send(downstream([server], 'smtp'), ['b@d.test'], { requireTls: true })).toEqual({
      'b@d.test': '550 5.7.30 REQUIRETLS is not supported by the next server',
    });
    expect(await send(downstream([server], 'smtp', { starttls: true }), ['b@d.test'])).toEqual({
      'b@d.test': '451 4.7.10 TLS is required, but the next server does not offer STARTTLS',
    });
    expect(server.sessions.flatMap((session) => session.commands)).toEqual([
      'EHLO mx.maddy.test',
      'EHLO mx.maddy.test',
    ]);
  });

  test('an old server gets HELO', async () => {
    const server = await sink({ replies: [{ to: 'EHLO', reply: '502 what' }] });
    expect(await send(downstream([server], 'smtp'), ['b@d.test'], { declaredSize: 5 })).toEqual({
      'b@d.test': 'delivered',
    });
    expect(server.sessions[0]?.commands.slice(0, 3)).toEqual([
      'EHLO mx.maddy.test',
      'HELO mx.maddy.test',
      'MAIL FROM:<a@b.test>',
    ]);
  });
});

describe('AUTH', () => {
  const ext = ['AUTH PLAIN LOGIN EXTERNAL'];
  const replies = [
    { to: 'AUTH PLAIN', reply: '235 2.7.0 ok' },
    { to: 'AUTH LOGIN dg==', reply: '334 UGFzc3dvcmQ6' },
    { to: 'AUTH LOGIN', reply: '334 VXNlcm5hbWU6' },
    { to: 'dQ==', reply: '334 UGFzc3dvcmQ6' },
    { to: 'cA==', reply: '235 ok' },
    { to: 'AUTH EXTERNAL', reply: '235 ok' },
  ];

  test.each([
    [{ mechanism: 'plain', user: 'u', password: 'p' } as const, ['AUTH PLAIN AHUAcA==']],
    [{ mechanism: 'login', user: 'u', password: 'p' } as const, ['AUTH LOGIN dQ==', 'dQ==', 'cA==']],
    [{ mechanism: 'login', user: 'v', password: 'p' } as const, ['AUTH LOGIN dg==', 'cA==']],
    [{ mechanism: 'external' } as const, ['AUTH EXTERNAL =']],
    [{ mechanism: 'forward' } as const, ['AUTH PLAIN AHVzZXIAcHc=']],
  ])('$mechanism', async (auth, commands) => {
    const server = await sink({ ext, replies });
    const target = downstream([server], 'smtp', { auth });
    expect(await send(target, ['b@d.test'], { auth: { user: 'user', password: 'pw' } })).toEqual({
      'b@d.test': 'delivered',
    });
    expect(server.sessions[0]?.commands.slice(1, 1 + commands.length)).toEqual(commands);
  });

  test('our own credentials refused is our own trouble; those of the client are its', async () => {
    const server = await sink({ ext, replies: [{ to: 'AUTH', reply: '535 5.7.8 bad creds' }] });
    const own = downstream([server], 'smtp', { auth: { mechanism: 'plain', user: 'u', password: 'p' } });
    expect(await send(own, ['b@d.test'])).toEqual({
      'b@d.test': '451 4.7.8 The next server refuses our login: 535 bad creds',
    });
    const forward = downstream([server], 'smtp', { auth: { mechanism: 'forward' } });
    expect(await send(forward, ['b@d.test'], { auth: { user: 'u', password: 'p' } })).toEqual({
      'b@d.test': '535 5.7.8 bad creds',
    });
    expect(await send(forward, ['b@d.test'])).toEqual({ 'b@d.test': '530 5.7.0 Authentication is required' });
  });

  test('is tried with a server that does not offer it', async () => {
    const server = await sink({ ext: [], replies });
    const target = downstream([server], 'smtp', { auth: { mechanism: 'plain', user: 'u', password: 'p' } });
    expect(await send(target, ['b@d.test'])).toEqual({ 'b@d.test': 'delivered' });
    expect(server.sessions[0]?.commands[1]).toBe('AUTH PLAIN AHUAcA==');
  });
});

describe('TLS', () => {
  const pair = createSelfSigned(['127.0.0.1']);
  const secureContext = createSecureContext(pair);
  const trusted = createSecureContext({ ca: pair.cert });
  const other = createSecureContext({ ca: createSelfSigned(['127.0.0.1']).cert });
  const ext = ['STARTTLS', '8BITMIME', 'REQUIRETLS'];

  test('STARTTLS, where it is required, and EHLO again', async () => {
    const server = await sink({ ext, tls: { secureContext, implicit: false } });
    const target = downstream([server], 'smtp', { starttls: true, trusted });
    expect(await send(target, ['b@d.test'], { requireTls: true })).toEqual({ 'b@d.test': 'delivered' });
    expect(server.sessions[0]?.commands.slice(0, 4)).toEqual([
      'EHLO mx.maddy.test',
      'STARTTLS',
      'EHLO mx.maddy.test',
      'MAIL FROM:<a@b.test> BODY=8BITMIME REQUIRETLS',
    ]);
  });

  test('from the first byte needs no STARTTLS (D25)', async () => {
    const server = await sink({ tls: { secureContext, implicit: true } });
    const address: EndpointAddress = { kind: 'tcp', host: '127.0.0.1', port: server.port, tls: true };
    const target = downstream([address], 'smtp', { starttls: true, trusted });
    expect(await send(target, ['b@d.test'])).toEqual({ 'b@d.test': 'delivered' });
    expect(server.sessions[0]?.commands).not.toContain('STARTTLS');
  });

  test('a certificate that is not accepted is temporary (D1), and nothing is said in the clear', async () => {
    for (const implicit of [false, true]) {
      const server = await sink({ ext, tls: { secureContext, implicit } });
      const address: EndpointAddress = { kind: 'tcp', host: '127.0.0.1', port: server.port, tls: implicit };
      const target = downstream([address], 'smtp', { starttls: true, trusted: other });
      const { 'b@d.test': fate } = await send(target, ['b@d.test']);
      expect(fate).toBe('451 4.7.5 No TLS connection to the next server: its certificate is self-signed');
      expect(server.sessions[0]?.commands.join()).not.toContain('MAIL');
    }
  });

  test('what comes between STARTTLS and the handshake is an attack', async () => {
    const server = await sink({
      ext,
      tls: { secureContext, implicit: false },
      replies: [{ to: 'STARTTLS', reply: '220 go\r\n250 injected' }],
    });
    const target = downstream([server], 'smtp', { starttls: true, trusted });
    expect(await send(target, ['b@d.test'])).toEqual({
      'b@d.test': '451 4.7.5 No TLS connection to the next server: the server has sent something before the handshake',
    });
  });
});

describe('trouble', () => {
  const nobody: EndpointAddress = { kind: 'unix', path: '/nonexistent/socket' };

  test('nobody listens', async () => {
    expect(await send(downstream([nobody], 'lmtp'), ['b@d.test'])).toEqual({
      'b@d.test': '450 4.4.2 Network I/O error',
    });
  });

  test('the next address is tried', async () => {
    const refusing = await sink({ replies: [{ to: '<connect>', reply: '421 4.3.2 busy' }] });
    const server = await sink();
    const told: string[] = [];
    const target = downstream([nobody, refusing, server], 'smtp', {
      onConnectError: (failure) => told.push(said(failure)),
    });
    expect(await send(target, ['b@d.test'])).toEqual({ 'b@d.test': 'delivered' });
    expect(told).toEqual(['450 4.4.2 Network I/O error', '421 4.3.2 busy']);
    expect(await send(downstream([nobody, refusing], 'smtp'), ['b@d.test'])).toEqual({ 'b@d.test': '421 4.3.2 busy' });
  });

  test.each([
    ['<connect>', '450 4.4.2 Network I/O error'],
    ['EHLO', '450 4.4.2 Network I/O error'],
    ['MAIL', '450 4.4.2 Network I/O error'],
    ['RCPT', '450 4.4.2 Network I/O error'],
    ['DATA', '450 4.4.2 Network I/O error'],
    ['<data>', '451 4.4.2 The next server has closed the connection before it took the message'],
  ])('a server that goes or falls silent at %s', async (to, fate) => {
    for (const reply of ['<close>', '<silence>']) {
      const server = await sink({ replies: [{ to, reply }] });
      expect(await send(downstream([server], 'smtp', { timeout: 50 }), ['b@d.test'])).toEqual({ 'b@d.test': fate });
    }
  });

  test.each([
    ['garbage', /^451 4\.5\.0 The next server does not speak SMTP: not a reply of SMTP$/],
    ['220-a\r\n250 b', /^451 4\.5\.0 .*different codes$/],
    [`220 ${'x'.repeat(9000)}`, /^451 4\.5\.0 .*not a reply|too long$/],
    ['220-x\r\n'.repeat(1100), /^451 4\.5\.0 .*too many lines$/],
  ])('a server that does not speak SMTP (%#)', async (greeting, fate) => {
    const server = await sink({ replies: [{ to: '<connect>', reply: greeting }] });
    const { 'b@d.test': heard } = await send(downstream([server], 'smtp'), ['b@d.test']);
    expect(heard).toMatch(fate);
  });

  test('a reply that comes byte by byte is a reply', async () => {
    const text = '220-a\r\n220 b\r\n';
    const server = createServer((socket) => {
      socket.on('error', () => {});
      let at = 0;
      const step = setInterval(() => {
        socket.write(text.slice(at, ++at));
        if (at === text.length) clearInterval(step);
      }, 1);
      socket.on('data', () => socket.end('554 5.7.1 go away\r\n'));
    }).listen(0, '127.0.0.1');
    opened.push({ close: async () => void server.close() });
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const target = downstream([{ kind: 'tcp', host: '127.0.0.1', port: address.port, tls: false }], 'lmtp');
    expect(await send(target, ['b@d.test'])).toEqual({ 'b@d.test': '554 5.7.1 go away' });
  });
});

describe('kept connections', () => {
  test('carry message after message, MAIL and RCPT in one write, RSET only after a broken one', async () => {
    const server = await sink({ proto: 'lmtp', replies: [{ to: 'RCPT TO:<bad@', reply: '550 5.1.1 no' }] });
    const target = downstream([server], 'lmtp', { keepAlways: true });
    for (const to of ['b@d.test', 'bad@d.test', 'c@d.test']) {
      await send(target, [to]);
      await resetAnswered(target);
    }
    expect(server.sessions).toHaveLength(1);
    expect(server.sessions[0]?.messages).toHaveLength(2);
    expect(server.sessions[0]?.commands.filter((line) => line.startsWith('MAIL'))).toHaveLength(3);
  });

  test('after a refused MAIL the answer to RCPT is not taken for another', async () => {
    const server = await sink({ replies: [{ to: 'MAIL FROM:<bad@', reply: '550 5.7.1 no' }] });
    const target = downstream([server], 'smtp', { keepAlways: true });
    await send(target, ['b@d.test']);
    expect(await send(target, ['c@d.test'], { originalFrom: 'bad@b.test' })).toEqual({ 'c@d.test': '550 5.7.1 no' });
    await resetAnswered(target);
    expect(await send(target, ['e@d.test'])).toEqual({ 'e@d.test': 'delivered' });
    expect(server.sessions).toHaveLength(1);
  });

  test('one that the server has closed costs nothing but a new one', async () => {
    const server = await sink();
    const target = downstream([server], 'smtp', { keepAlways: true });
    await send(target, ['b@d.test']);
    server.drop();
    expect(await send(target, ['c@d.test'])).toEqual({ 'c@d.test': 'delivered' });
    await resetAnswered(target);
    server.drop();
    await eventually(() => target.connections.idle === 0);
    expect(target.connections).toEqual({ idle: 0, busy: 0 });
    expect(await send(target, ['d@d.test'])).toEqual({ 'd@d.test': 'delivered' });
    expect(server.sessions).toHaveLength(3);
  });

  test('have their limit of messages', async () => {
    const server = await sink();
    const target = downstream([server], 'smtp', { keepAlways: true, maxMessages: 2 });
    for (let i = 0; i < 5; i++) await send(target, ['b@d.test']);
    expect(server.sessions).toHaveLength(3);
  });

  test('begin when messages come densely', async () => {
    const server = await sink();
    const target = downstream([server], 'smtp');
    for (let i = 0; i < defaultPoolLimits.minMessages + 10; i++) await send(target, ['b@d.test']);
    expect(server.sessions).toHaveLength(defaultPoolLimits.minMessages);
  });

  test('many messages at a time do not mix', async () => {
    const server = await sink({ proto: 'lmtp', replies: [{ to: '<data> bad', reply: '550 5.1.1 no' }] });
    const target = downstream([server], 'lmtp', { keepAlways: true });
    const all = Array.from({ length: 200 }, (_, at) => `${at % 3 === 0 ? 'bad' : 'ok'}${at}@d.test`);
    const fates = await Promise.all(all.map((to) => send(target, [to])));
    for (const [at, to] of all.entries()) {
      expect(fates[at]).toEqual({ [to]: to.startsWith('bad') ? '550 5.1.1 no' : 'delivered' });
    }
  });

  test('end when the target stops', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'maddyc-client-'));
    const path = join(directory, 'lmtp');
    const server = await Sink.listen({ proto: 'lmtp' }, { path });
    opened.push({
      close: async () => {
        await server.close();
        rmSync(directory, { recursive: true });
      },
    });
    const target = downstream([{ kind: 'unix', path }], 'lmtp', { keepAlways: true });
    expect(await send(target, ['b@d.test'], { requireTls: true })).toEqual({ 'b@d.test': 'delivered' });
    expect(server.sessions[0]?.ended).toBe(false);
    await target.stop(monotonicTime() + 2000);
    await settled(server);
    expect(server.sessions[0]?.ended).toBe(true);
  });
});
