import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RspamdClient, rspamdAddress } from '../../../../runtime/rspamd/client.ts';
import { readReport } from '../../../../runtime/rspamd/report.ts';
import { type Mail, ServerWithMaildir } from '../../../kit/mail-server.ts';
import { describeWithServices, type Service, startService } from '../../../kit/services.ts';

const recorded = readFileSync(new URL('../../../vectors/mta-samples/rspamd-request.txt', import.meta.url), 'latin1');

/** A worker that gives each request the same bytes, and remembers what it was asked. */
class FakeRspamd {
  readonly requests: string[] = [];
  readonly #server: Server;

  private constructor(answer: string | Buffer | null) {
    this.#server = createServer((socket) => {
      let request = '';
      socket.on('error', () => socket.destroy());
      socket.setEncoding('latin1').on('data', (text: string) => {
        request += text;
        if (!request.endsWith('0\r\n\r\n')) return;
        this.requests.push(request);
        if (answer === null) socket.destroy();
        else socket.end(answer);
      });
    });
  }

  /** `answer` null: closes without one. `path`: of a unix socket. */
  static async start(answer: string | Buffer | null, path?: string): Promise<FakeRspamd> {
    const fake = new FakeRspamd(answer);
    if (path === undefined) fake.#server.listen(0, '127.0.0.1');
    else fake.#server.listen(path);
    await once(fake.#server, 'listening');
    return fake;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}

const json = (value: object): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n${JSON.stringify(value)}`;

let fake: FakeRspamd | null = null;
let server: ServerWithMaildir | null = null;
afterEach(async () => {
  await server?.stop();
  await fake?.stop();
  server = null;
  fake = null;
});

async function run(answer: string | Buffer | null, directives = '', mail: Mail = {}, zones = {}) {
  fake = await FakeRspamd.start(answer);
  server = await ServerWithMaildir.start(`check {\n rspamd ${fake.url} {\n ${directives}\n }\n }`, zones);
  const reply = (await server.send(mail)).replace(/[0-9a-f]{8}\)/, 'ID)');
  return { reply, request: fake.requests[0] ?? '', server };
}

const accepted = '250 2.0.0 OK: queued';
const spam = { score: 6.1, action: 'add header', symbols: { GTUBE: { score: 6.1 } } };

describe('what becomes of a verdict', () => {
  const refused = (code: number, enhanced: string, text: string) => `${code} ${enhanced} ${text} (msg ID = ID)`;
  const local = 'Message rejected due to local policy';
  const internal = 'Internal error during policy check';
  const marked = ['X-Spam-Score: 6.10', 'X-Spam-Flag: Yes'];

  it.each([
    ['no action', json({ score: 0.1, action: 'no action' }), '', accepted, []],
    ['greylist', json({ score: 4.567, action: 'greylist' }), '', accepted, ['X-Spam-Score: 4.57']],
    ['add header', json(spam), '', accepted, marked],
    ['add header, to be rejected', json(spam), 'add_header_action reject', refused(450, '4.7.0', local), null],
    ['add header, to be ignored', json(spam), 'add_header_action ignore', accepted, marked],
    ['rewrite subject', json({ ...spam, action: 'rewrite subject', subject: 'SPAM' }), '', accepted, marked],
    ['soft reject', json({ action: 'soft reject' }), '', refused(450, '4.7.0', local), null],
    ['soft reject, to be ignored', json({ action: 'soft reject' }), 'soft_reject_action ignore', accepted, []],
    ['reject', json({ action: 'reject' }), '', refused(550, '5.7.0', local), null],
    [
      'reject, otherwise',
      json({ action: 'reject' }),
      'reject_action reject 554 5.7.9 "no"',
      refused(554, '5.7.9', 'no'),
      null,
    ],
    ['reject, to be quarantined', json({ action: 'reject' }), 'reject_action quarantine', accepted, []],
    ['an action of later versions', json({ action: 'discard' }), '', accepted, []],
    ['an error', 'HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n', '', accepted, []],
    [
      'an error, to be rejected',
      'HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n',
      'error_resp_action reject',
      refused(451, '4.7.0', internal),
      null,
    ],
    ['no answer', null, '', accepted, []],
    ['no answer, to be rejected', null, 'io_error_action reject', refused(451, '4.7.0', internal), null],
    ['no JSON', 'HTTP/1.1 200 OK\r\n\r\n{"score":', 'io_error_action reject', refused(451, '4.9.0', internal), null],
    ['no HTTP', 'SSH-2.0-x\r\n\r\n', 'io_error_action reject', refused(451, '4.7.0', internal), null],
    [
      'compressed',
      Buffer.concat([
        Buffer.from('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n'),
        gzipSync(JSON.stringify(spam)),
      ]),
      '',
      accepted,
      marked,
    ],
  ])('%s', async (_, answer, directives, reply, fields) => {
    const given = await run(answer, directives);
    expect(given.reply).toBe(reply);
    if (fields !== null) {
      expect(given.server.delivered()).toEqual([...fields, 'From: <ann@from.test>', 'Subject: s']);
    }
  });

  it('goes to Junk when it is quarantined, and the log says why', async () => {
    const { server } = await run(json(spam));
    expect(server.log).toContain(
      'quarantined\t{"check":"check.rspamd","msg_id":"ID","reason":"add header","score":6.1,"smtp_code":450,"smtp_enchcode":"4.7.0","smtp_msg":"Message rejected due to local policy","symbols":["GTUBE"]}',
    );
  });

  it('names an action that it does not know in the log', async () => {
    const { server } = await run(json({ action: 'discard' }));
    expect(server.log).toContain('unhandled action\t{"action":"discard","check":"check.rspamd","msg_id":"ID"}');
  });
});

describe('the request', () => {
  it('is the one that maddy sends', async () => {
    const { request } = await run(
      json({ action: 'no action' }),
      'settings_id sid1\nhostname mx.maddy.test',
      {
        from: 'from@sender.test',
        to: ['to@x.test', 'to2@x.test'],
        lines: [
          'From: <from@sender.test>',
          'To: <to@example.test>',
          'Subject: Hello',
          'Message-Id: <abc@sender.test>',
          '',
          'Hi there',
        ],
      },
      { '1.0.0.127.in-addr.arpa.': { PTR: ['localhost.'] } },
    );
    const [header = '', ...chunks] = request.split('\r\n\r\n');
    const [recordedHeader = '', ...recordedContent] = recorded.replace(/\r?\n/g, '\r\n').split('\r\n\r\n');
    // Who connects where, and which message it is, differs; each request has a connection of its own.
    const comparable = (text: string) =>
      text.replace(/(Host: 127.0.0.1:)\d+/, '$1PORT').replace(/(Queue-Id: )[0-9a-f]{8}/, '$1ID');
    expect(comparable(header)).toBe(`${comparable(recordedHeader)}\r\nConnection: close`);
    expect(withoutChunks(chunks.join('\r\n\r\n'))).toBe(recordedContent.join('\r\n\r\n'));
  });

  it('takes bytes of addresses as they are, and no line of its own from them', async () => {
    fake = await FakeRspamd.start(json({ action: 'no action' }));
    const client = new RspamdClient(rspamdAddress(fake.url), null, 5_000);
    const answer = await client.ask(
      [
        ['From', 'jörg@x.test'],
        ['Helo', 'a\r\nRcpt: b'],
        ['User', ''],
      ],
      [],
    );
    expect(answer.kind).toBe('report');
    const lines = Buffer.from(fake.requests[0] ?? '', 'latin1')
      .toString()
      .split('\r\n');
    expect(lines.filter((line) => /^(From|Helo|Rcpt|User):/.test(line))).toEqual([
      'From: jörg@x.test',
      'Helo: a  Rcpt: b',
    ]);
  });

  it('goes over a unix socket, too', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'maddyc-rspamd-'));
    try {
      const path = join(directory, 's');
      fake = await FakeRspamd.start(json(spam), path);
      server = await ServerWithMaildir.start(
        `check {\n rspamd unix://${path} {\n add_header_action reject\n }\n }`,
        {},
      );
      expect(await server.send()).toMatch(/^450 4\.7\.0/);
      expect(fake.requests[0]).toMatch(/^POST \/checkv2 HTTP\/1.1\r\nHost: localhost\r\n/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('a worker that does not behave', () => {
  const ask = async (start: () => Promise<FakeRspamd>, timeout: number) => {
    fake = await start();
    return new RspamdClient(rspamdAddress(fake.url), null, timeout).ask([], [Buffer.from('x')]);
  };

  it('says nothing', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const client = new RspamdClient(rspamdAddress(`http://127.0.0.1:${port}`), null, 50);
    expect(await client.ask([], [])).toEqual({ kind: 'unreachable', reason: 'no answer in 0.05 s' });
    silent.close();
  });

  it('says too much', async () => {
    const answer = `HTTP/1.1 200 OK\r\n\r\n"${'x'.repeat(5_000_000)}"`;
    expect(await ask(() => FakeRspamd.start(answer), 5_000)).toMatchObject({ kind: 'unreachable' });
  });

  it('sends a little that becomes much', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n';
    const answer = Buffer.concat([Buffer.from(head), gzipSync(Buffer.alloc(50_000_000))]);
    expect(await ask(() => FakeRspamd.start(answer), 5_000)).toMatchObject({ kind: 'unreachable' });
  });

  it('is not there', async () => {
    const gone = await FakeRspamd.start(null);
    const { url } = gone;
    await gone.stop();
    expect(await new RspamdClient(rspamdAddress(url), null, 5_000).ask([], [])).toMatchObject({ kind: 'unreachable' });
  });
});

it.each(['{"score":"6"}', '{"action":1}', '[]', 'null', '{"symbols":[]}'])('%s makes no sense', (text) => {
  expect(readReport(text).kind).toBe('unreadable');
});

it.each(['127.0.0.1:11333', 'ftp://x.test', 'unix:relative', ''])('%j is no address of a worker', (text) => {
  expect(() => rspamdAddress(text)).toThrow();
});

describeWithServices('rspamd itself', ['rspamd'], () => {
  let rspamd: Service;
  beforeAll(async () => {
    rspamd = await startService('rspamd');
  });
  afterAll(() => rspamd.dispose());

  it.each([
    ['Hello', accepted, []],
    ['x-test-greylist', accepted, ['X-Spam-Score: 5.00']],
    ['x-test-add-header', accepted, ['X-Spam-Score: 7.00', 'X-Spam-Flag: Yes']],
    ['x-test-rewrite', accepted, ['X-Spam-Score: 9.00', 'X-Spam-Flag: Yes']],
    ['x-test-soft-reject', /^450 4\.7\.0 /, null],
    ['x-test-reject', /^550 5\.7\.0 /, null],
  ])('Subject: %s', async (subject, reply, fields) => {
    server = await ServerWithMaildir.start(`check {\n rspamd ${rspamd.env.RSPAMD_URL}\n }`, {});
    const lines = ['From: <ann@from.test>', `Subject: ${subject}`, '', 'Hello.'];
    const given = await server.send({ lines });
    if (typeof reply === 'string') expect(given).toBe(reply);
    else expect(given).toMatch(reply);
    if (fields !== null) expect(server.delivered()).toEqual([...fields, ...lines.slice(0, 2)]);
  });

  it('over its unix socket', async () => {
    server = await ServerWithMaildir.start(`check {\n rspamd unix://${rspamd.env.RSPAMD_SOCKET}\n }`, {});
    expect(await server.send({ lines: ['Subject: x-test-reject', '', 'Hello.'] })).toMatch(/^550 5\.7\.0 /);
  });
});

function withoutChunks(body: string): string {
  let content = '';
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.slice(at, end), 16);
    content += body.slice(end + 2, end + 2 + length);
    at = end + 2 + length + 2;
  }
  return content;
}

describeWithServices('check.milter with rspamd as milter', ['rspamd'], () => {
  let rspamd: Service;
  let server: ServerWithMaildir | null = null;
  beforeAll(async () => {
    rspamd = await startService('rspamd');
  });
  afterEach(async () => {
    await server?.stop();
    server = null;
  });
  afterAll(() => rspamd.dispose());

  async function reply(subject: string): Promise<string> {
    server = await ServerWithMaildir.start(`check {\n milter unix://${rspamd.env.MILTER_SOCKET}\n }`, {});
    const said = await server.send({ lines: ['From: <ann@from.test>', `Subject: ${subject}`, '', 'Hello.'] });
    return said.replace(/ \(msg ID = [0-9a-f]{8}\)/, '');
  }

  it('takes good mail', async () => {
    expect(await reply('good')).toMatch(/^250 /);
  });

  it('marks what may be spam', async () => {
    expect(await reply('x-test-add-header')).toMatch(/^250 /);
    expect(server?.delivered()).toContain('X-Spam: Yes');
  });

  it('refuses spam', async () => {
    expect(await reply('x-test-reject')).toBe('554 5.7.1 Message rejected due to local policy');
  });

  it('puts mail off', async () => {
    expect(await reply('x-test-soft-reject')).toBe('451 4.7.1 Message rejected due to local policy');
  });
});
