import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryBudget } from '../../../runtime/message/body-buffer.ts';
import { SessionUnderTest } from '../../kit/session.ts';

const commands = [
  'EHLO a',
  'LHLO a',
  'HELO',
  'MAIL FROM:<a@b.test>',
  'MAIL FROM:<a@b.test> SIZE=10 BODY=8BITMIME SMTPUTF8',
  'MAIL FROM:<>',
  'MAIL FROM:<"a b"@c>',
  'RCPT TO:<c@d.test>',
  'RCPT TO:<postmaster>',
  'RCPT TO:<x>',
  'AUTH PLAIN AHUAcA==',
  'AUTH PLAIN',
  'AUTH LOGIN',
  '*',
  'RSET',
  'NOOP',
  'STARTTLS',
  'BDAT 0',
  'X',
  '',
];
const contentLine = fc.oneof(
  fc.constantFrom(
    '',
    '.',
    '..',
    '.x',
    'Subject: y',
    'To: z',
    ' folded',
    'no colon',
    '.\r',
    'a\rb',
    'a\nb',
    '\n.',
    '\r',
  ),
  fc.string({ maxLength: 60 }),
);
const content = fc.array(contentLine, { maxLength: 12 }).map((lines) => `${lines.join('\r\n')}\r\n.\r\n`);
const envelope = 'EHLO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\n';
const transaction = fc.oneof(
  content.map((text) => `${envelope}DATA\r\n${text}`),
  content.map((text) => `${envelope}BDAT ${Buffer.byteLength(text)} LAST\r\n${text}`),
  fc
    .tuple(content, content)
    .map(([a, b]) => `${envelope}BDAT ${Buffer.byteLength(a)}\r\n${a}BDAT ${Buffer.byteLength(b)} LAST\r\n${b}`),
);
const conversation = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...commands).map((line) => `${line}\r\n`) },
      { weight: 2, arbitrary: transaction },
      { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

interface Outcome {
  readonly output: string;
  readonly ended: boolean;
  readonly startedTls: boolean;
  readonly happenings: readonly string[];
  readonly messages: readonly unknown[];
}

async function talk(protocol: 'smtp' | 'lmtp', slow: boolean, pieces: readonly Buffer[]): Promise<Outcome> {
  const options = {
    protocol,
    tls: true,
    insecureAuth: true,
    mechanisms: ['PLAIN', 'LOGIN'] as const,
    maxLineLength: 200,
  };
  const peer = new SessionUnderTest(options, { slow, passwords: { u: 'p' } });
  for (const piece of pieces) {
    const lent = Buffer.from(piece);
    peer.session.receive(lent, true);
    lent.fill('!');
  }
  await peer.settled();
  peer.session.disconnected();
  const { ended, startedTls, backend } = peer;
  return { output: peer.takeOutput(), ended, startedTls, happenings: backend.happenings, messages: backend.messages };
}

function split(bytes: Buffer, points: readonly number[]): Buffer[] {
  const at = [0, ...points.map((point) => point % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

test('however the bytes are cut, the session says and does the same', async () => {
  const cuts = fc.array(fc.nat({ max: 5000 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      conversation,
      cuts,
      fc.constantFrom('smtp', 'lmtp'),
      fc.boolean(),
      async (text, points, protocol, slow) => {
        const bytes = Buffer.from(text);
        const whole = await talk(protocol, slow, [bytes]);
        expect(await talk(protocol, slow, split(bytes, points))).toEqual(whole);
      },
    ),
    { numRuns: 400 },
  );
});

test('and byte by byte', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async (text) => {
      const bytes = Buffer.from(text);
      const single = [...bytes.keys()].map((index) => bytes.subarray(index, index + 1));
      expect(await talk('smtp', false, single)).toEqual(await talk('smtp', false, [bytes]));
    }),
    { numRuns: 100 },
  );
});

test('garbage never throws, and every complete line before the end is answered', async () => {
  const garbage = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(garbage, async (chunks) => {
      const { output } = await talk(
        'smtp',
        false,
        chunks.map((chunk) => Buffer.from(chunk)),
      );
      expect(output).toMatch(/^(?:[2-5][0-9]{2}[ -][^\r\n]*\r\n)+$/);
    }),
    { numRuns: 300 },
  );
});

/** What may stand around a dot without ending the data: everything but CRLF on both sides. */
const lineEnds = ['\r\n', '\n', '\r', '\r\r\n', '\n\r', '\n\n', ''];

test.each(lineEnds.flatMap((before) => lineEnds.map((behind) => [before, behind] as const)))(
  'no message is smuggled behind %j . %j',
  async (before, behind) => {
    const smuggled = 'MAIL FROM:<evil@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n\r\nevil';
    const data = `Subject: x\r\n\r\ntext${before}.${behind}${smuggled}\r\n.\r\n`;
    const isEnd = before.endsWith('\r\n') && behind === '\r\n';
    for (const cut of [0, 1, 2, 3]) {
      const at = data.indexOf(`${before}.${behind}M`) + before.length + cut;
      const pieces = [`${envelope}DATA\r\n${data.slice(0, at)}`, data.slice(at)].map((piece) => Buffer.from(piece));
      const { messages } = await talk('smtp', false, pieces);
      expect(messages).toHaveLength(isEnd ? 2 : 1);
      const [first] = messages as readonly { readonly sentBody: string }[];
      expect(first?.sentBody.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    }
  },
);

test('what a session keeps of a message is bounded, whatever a client sends', async () => {
  let kept = 0;
  let peak = 0;
  class CountedBudget extends MemoryBudget {
    override take(bytes: number): void {
      kept += bytes;
      peak = Math.max(peak, kept);
    }
    override give(bytes: number): void {
      kept -= bytes;
    }
  }
  const memory = new CountedBudget(0);
  const peer = new SessionUnderTest({ maxMessageSize: 100_000, memory });
  await peer.send(`${envelope}DATA\r\nSubject: x\r\n\r\n`);
  for (let sent = 0; sent < 300; sent++) await peer.send(Buffer.from(`${'A'.repeat(998)}\r\n`));
  peer.takeOutput();
  expect(peak).toBeGreaterThan(98_000);
  expect(peak).toBeLessThanOrEqual(100_000);
  expect(kept).toBe(0);
  await peer.send('.\r\n');
  expect(peer.takeOutput()).toBe('552 5.3.4 Max message size exceeded (msg ID = 00000001)\r\n');
});
