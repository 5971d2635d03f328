import { describe, expect, test } from 'vitest';
import { SessionUnderTest } from '../../kit/session.ts';
import { accepted, ehlo, go, lmtp, plays, refusal } from './scripted-session.ts';

describe('content', () => {
  test('too large: dropped, answered once, and the session stays in step (D1, D16)', async () => {
    const line = 'A'.repeat(98);
    for (const [protocol, hello, answer] of [
      ['smtp', ehlo, ''],
      ['lmtp', lmtp, '<c@d.test> '],
    ] as const) {
      const script = `${hello.replace('33554432', '1000')}${accepted}
        C: DATA
        ${go}
        ${`C: ${line}\n`.repeat(20)}
        C: RSET
        C: .
        C: NOOP
        S: 552 5.3.4 ${answer}Max message size exceeded (msg ID = 00000001)
        S: 250 2.0.0 I have successfully done nothing`;
      const peer = await plays(script, { protocol, maxMessageSize: 1000 });
      expect(peer.backend.happenings.at(-1)).toBe('00000001 aborted');
    }
  });

  test('of two faults the header is told, whether the message comes at once or in pieces', async () => {
    const content = `no field\r\n\r\n${'A'.repeat(98)}\r\n`.repeat(20);
    for (const pieces of [[content], content.split(/(?<=\n)/)]) {
      const peer = new SessionUnderTest({ maxMessageSize: 1000 });
      await peer.send('HELO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n');
      peer.takeOutput();
      for (const piece of pieces) await peer.send(piece);
      await peer.send('.\r\n');
      expect(peer.takeOutput()).toMatch(/^554 5\.6\.0 Message header is malformed: [^\r]+\r\n$/);
    }
  });

  test('a line that is too long ends the session', async () => {
    await plays(
      `${ehlo}${accepted}
      C: DATA
      ${go}
      C: Subject: x
      C: ${'A'.repeat(100)}
      S: 554 5.6.0 Message has a line that is too long (msg ID = 00000001)
      S: 500 5.4.0 Too long line, closing connection
      END`,
      { maxLineLength: 100 },
    );
  });

  test('bare line ends are repaired on the way out (D23)', async () => {
    const peer = await plays(`${ehlo}${accepted}
      C: DATA
      ${go}
      C> Subject: a\\rb\\nX: y\\n\\n.one\\r\\n..two\\rthree\\n.\\nfour\\r\\n.\\r\\n
      S: 250 2.0.0 OK: queued`);
    expect(peer.backend.messages).toMatchObject([
      {
        header: 'Subject: a b\r\nX: y\r\n',
        body: '.one\r\n.two\rthree\n.\nfour\r\n',
        sentBody: '.one\r\n.two three\r\n.\r\nfour\r\n',
      },
    ]);
  });

  test('bare line ends are refused where the endpoint says so', async () => {
    for (const ending of ['a\\nb\\r\\n', 'a\\rb\\r\\n']) {
      await plays(
        `${ehlo}${accepted}
        C: DATA
        ${go}
        C> \\r\\n${ending}.\\r\\n
        S: 554 5.6.0 Message has a bare CR or LF, lines must end with CRLF (msg ID = 00000001)`,
        { bareLineEnds: 'refuse' },
      );
    }
  });

  test('too many hops are a loop', async () => {
    await plays(
      `${ehlo}${accepted}
      C: DATA
      ${go}
      C: Received: a
      C: received: b
      C: RECEIVED: c
      C:
      C: .
      S: 554 5.4.6 Too many Received header fields (3), possible forwarding loop (msg ID = 00000001)`,
      { maxReceived: 2 },
    );
  });

  test('no hop at all is a limit, too; no recipients and no line length are none', async () => {
    await plays(
      `${ehlo}${accepted}
      C: DATA
      ${go}
      C: Received: a
      C:
      C: .
      S: 554 5.4.6 Too many Received header fields (1), possible forwarding loop (msg ID = 00000001)`,
      { maxReceived: 0, maxRecipients: -1, maxLineLength: -1 },
    );
  });

  test('time-outs inside of the content and outside', async () => {
    const peer = new SessionUnderTest();
    await peer.send('EHLO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nSubject: x\r\n');
    peer.takeOutput();
    peer.session.timeOut();
    await peer.settled();
    expect(peer.takeOutput()).toBe(
      '451 4.4.2 Message did not arrive in time (msg ID = 00000001)\r\n421 4.4.2 Idle timeout, bye bye\r\n',
    );
    expect(peer.ended).toBe(true);
    expect(peer.backend.happenings.at(-1)).toBe('00000001 aborted');
    const idle = new SessionUnderTest();
    idle.takeOutput();
    idle.session.timeOut();
    expect(idle.takeOutput()).toBe('421 4.4.2 Idle timeout, bye bye\r\n');
  });
});

describe('BDAT', () => {
  test('a refused chunk ends the message, and chunks on their way are skipped', async () => {
    await plays(
      `${ehlo}${accepted}
      C> BDAT 9\\r\\nA: bcde\\r\\nBDAT 20\\r\\n${'x'.repeat(20)}BDAT 4 LAST\\r\\nRSETNOOP\\r\\n
      S: 250 2.0.0 Continue
      S: 552 5.3.4 Max message size exceeded
      S: 502 5.5.1 Missing RCPT TO command.
      S: 250 2.0.0 I have successfully done nothing`,
      { maxMessageSize: 20 },
    );
  });

  test('an announced size that is too large is refused before the chunk comes', async () => {
    await plays(
      `${ehlo}${accepted}
      C: BDAT 21 LAST
      S: 552 5.3.4 Max message size exceeded
      C> ${'x'.repeat(19)}
      C> \\r\\nNOOP\\r\\n
      S: 250 2.0.0 I have successfully done nothing
      C: RCPT TO:<c@d.test>
      S: 502 5.5.1 Missing MAIL FROM command.`,
      { maxMessageSize: 20 },
    );
  });

  test('chunks whose recipients were refused are not read as commands', async () => {
    await plays(
      `${ehlo}
      C> MAIL FROM:<a@b.test>\\r\\nRCPT TO:<c@d.test>\\r\\nBDAT 6 LAST\\r\\nQUIT\\r\\nNOOP\\r\\n
      S: 250 2.0.0 Roger, accepting mail from <a@b.test>
      S: 550 5.1.1 no (msg ID = 00000001)
      S: 502 5.5.1 Missing RCPT TO command.
      S: 250 2.0.0 I have successfully done nothing`,
      {},
      {
        recipient: () => {
          throw refusal(550, '5.1.1', 'no');
        },
      },
    );
  });

  test('other commands of the message have to wait; RSET drops what has come', async () => {
    const peer = await plays(`${ehlo}${accepted}
      C> BDAT 7\\r\\nA: b\\r\\n\\nMAIL FROM:<x@y.test>\\r\\nRCPT TO:<x@y.test>\\r\\nDATA\\r\\nBDAT\\r\\nBDAT 1 2 3\\r\\nBDAT 1 NO\\r\\nBDAT x\\r\\nRSET\\r\\nBDAT 0 LAST\\r\\n
      S: 250 2.0.0 Continue
      S: 502 5.5.1 MAIL not allowed during message transfer
      S: 502 5.5.1 RCPT not allowed during message transfer
      S: 502 5.5.1 DATA not allowed during message transfer
      S: 501 5.5.4 Missing chunk size argument
      S: 501 5.5.4 Too many arguments
      S: 501 5.5.4 Unknown BDAT argument
      S: 501 5.5.4 Malformed size argument
      S: 250 2.0.0 Session reset
      S: 502 5.5.1 Missing RCPT TO command.`);
    expect(peer.backend.messages).toEqual([]);
  });

  test('bytes are taken as they are, the last line gets its end', async () => {
    const peer = await plays(`${ehlo}${accepted}
      C> BDAT 12\\r\\nA: b\\r\\n\\r\\n.x\\r\\n
      S: 250 2.0.0 Continue
      C> BDAT 5 LAST\\r\\n\\n..yz
      S: 250 2.0.0 OK: queued`);
    expect(peer.backend.messages).toMatchObject([
      { header: 'A: b\r\n', body: '.x\r\n\n..yz', sentBody: '.x\r\n\r\n..yz\r\n' },
    ]);
  });

  test('an empty last chunk closes the message', async () => {
    const peer = await plays(`${ehlo}${accepted}
      C> BDAT 6\\r\\nA: b\\r\\nBDAT 0 LAST\\r\\n
      S: 250 2.0.0 Continue
      S: 250 2.0.0 OK: queued`);
    expect(peer.backend.messages).toMatchObject([{ header: 'A: b\r\n', body: '' }]);
  });
});
