import { afterEach, describe, expect, it } from 'vitest';
import { ServerWithMaildir } from '../../kit/mail-server.ts';
import { WireClient } from '../../kit/wire-client.ts';

let server: ServerWithMaildir | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
});

/** Every line is another one, and some need stuffing. */
const lines = Array.from(
  { length: 60_000 },
  (_, at) => `${at % 7 === 0 ? '.' : ''}${at} ${'abcdefghij'.repeat(at % 9)}`,
);
const header = 'From: <a@x.test>\r\nSubject: s\r\n\r\n';
const text = `${header}${lines.map((line) => `${line}\r\n`).join('')}`;

async function open(secured: boolean): Promise<WireClient> {
  const client = await WireClient.connect(server?.port ?? 0);
  await client.reply();
  await client.say('EHLO client.test');
  if (secured) {
    await client.say('STARTTLS');
    await client.startTls();
    await client.say('EHLO client.test');
  }
  for (const command of ['MAIL FROM:<a@x.test>', 'RCPT TO:<b@y.test>']) await client.say(command);
  return client;
}

describe.each(['', 'buffer fs', 'buffer auto 300K', 'buffer ram', 'io_debug yes'])(
  'bodies of megabytes, %s:',
  (directives) => {
    it.each([
      ['DATA', false],
      ['DATA', true],
      ['BDAT', false],
      ['BDAT', true],
    ])('%s, TLS %s', async (command, secured) => {
      server = await ServerWithMaildir.start(
        `tls self_signed mx.test\n${directives}\nmodify {\ndkim own.test s {\nnewkey_algo ed25519\n}\n}`,
        {},
      );
      const client = await open(secured);
      if (command === 'DATA') {
        await client.say('DATA');
        client.send(text.replaceAll('\r\n.', '\r\n..'));
        // What is sent along belongs to the session.
        client.send('.\r\nNOOP\r\n');
      } else {
        const bytes = Buffer.from(text);
        const half = bytes.length >> 1;
        client.send(Buffer.concat([Buffer.from(`BDAT ${half}\r\n`), bytes.subarray(0, half)]));
        expect(await client.reply()).toMatch(/^250 /);
        client.send(Buffer.concat([Buffer.from(`BDAT ${bytes.length - half} LAST\r\n`), bytes.subarray(half)]));
        client.send('NOOP\r\n');
      }
      expect(await client.reply()).toMatch(/^250 2\.0\.0 OK/);
      expect(await client.reply()).toMatch(/^250 /);
      client.destroy();
      const delivered = server.deliveredBytes().toString();
      expect(delivered.endsWith(text)).toBe(true);
    });
  },
);
