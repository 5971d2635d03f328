import { describe, expect, test } from 'vitest';
import { MemoryBudget } from '../../../runtime/message/body-buffer.ts';
import { ReplyError } from '../../../runtime/module.ts';
import { replies } from '../../../runtime/smtp/replies.ts';
import { eventually } from '../../kit/eventually.ts';
import { recordingLog, SessionUnderTest } from '../../kit/session.ts';
import { accepted, ehlo, go, lmtp, plays, refusal } from './scripted-session.ts';

describe('transactions', () => {
  test('a whole burst is answered in one write', async () => {
    const peer = new SessionUnderTest();
    await peer.send('EHLO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nRCPT TO:<e@d.test>\r\nDATA\r\n');
    expect(peer.writes).toBe(2);
    expect(peer.takeOutput().split('\r\n')).toHaveLength(14);
  });

  test('a size may begin with zeros (RFC 1870 allows 20 digits)', async () => {
    await plays(`${ehlo}
      C: MAIL FROM:<a@b.test> SIZE=00000000000000000010
      S: 250 2.0.0 Roger, accepting mail from <a@b.test>
      C: MAIL FROM:<a@b.test> SIZE=00000000004294967296
      S: 501 5.5.4 Unable to parse SIZE as an integer`);
  });

  test('input that comes before the greeting was read is no error', async () => {
    await plays(`${ehlo}
      C: MAIL FROM:<a@b.test>
      C: RCPT TO:<c@d.test>
      C: DATA
      S: 250 2.0.0 Roger, accepting mail from <a@b.test>
      S: 250 2.0.0 I'll make sure <c@d.test> gets this
      ${go}
      C: Subject: x
      C:
      C: y
      C: .
      C: QUIT
      S: 250 2.0.0 OK: queued
      S: 221 2.0.0 Bye
      END`);
  });

  test('a sender refused at RCPT stays refused until RSET, EHLO or MAIL (D4)', async () => {
    const mail = (from: string, id: string): void => {
      if (from.startsWith('bad')) throw refusal(550, '5.7.1', 'no', id);
      if (from.startsWith('ütf')) throw refusal(550, '5.6.7', 'SMTPUTF8 is required for non-ASCII senders', null);
    };
    await plays(
      `${ehlo}
      C: MAIL FROM:<bad@b.test>
      S: 250 2.0.0 Roger, accepting mail from <bad@b.test>
      C: RCPT TO:<c@d.test>
      C: RCPT TO:<d@d.test>
      C: DATA
      S: 550 5.7.1 no (msg ID = 00000001)
      S: 550 5.7.1 no (msg ID = 00000001)
      S: 502 5.5.1 Missing RCPT TO command.
      C: MAIL FROM:<ütf@b.test>
      S: 250 2.0.0 Roger, accepting mail from <ütf@b.test>
      C: RCPT TO:<c@d.test>
      S: 550 5.6.7 SMTPUTF8 is required for non-ASCII senders
      C: RSET
      S: 250 2.0.0 Session reset
      C: RCPT TO:<c@d.test>
      S: 502 5.5.1 Missing MAIL FROM command.
      ${accepted}`,
      {},
      { mail },
    );
  });

  test('without defer_sender_reject MAIL itself is refused', async () => {
    await plays(
      `${ehlo}
      C: MAIL FROM:<bad@b.test>
      S: 550 5.7.1 no (msg ID = 00000001)
      C: RCPT TO:<c@d.test>
      S: 502 5.5.1 Missing MAIL FROM command.`,
      { deferSenderReject: false },
      {
        mail: (_, id) => {
          throw refusal(550, '5.7.1', 'no', id);
        },
      },
    );
  });

  test('a second MAIL has its own transaction, and the first is given up after it has begun (D29)', async () => {
    for (const deferSenderReject of [true, false]) {
      const peer = await plays(
        `${ehlo}
        C: MAIL FROM:<first@b.test>
        C: RCPT TO:<c@d.test>
        C: MAIL FROM:<second@b.test>
        C: RCPT TO:<d@d.test>
        C: DATA
        S: 250 2.0.0 Roger, accepting mail from <first@b.test>
        S: 250 2.0.0 I'll make sure <c@d.test> gets this
        S: 250 2.0.0 Roger, accepting mail from <second@b.test>
        S: 250 2.0.0 I'll make sure <d@d.test> gets this
        ${go}
        C: .
        S: 250 2.0.0 OK: queued`,
        { deferSenderReject },
      );
      expect(peer.backend.happenings).toEqual([
        '00000001 from <first@b.test>',
        '00000001 to <c@d.test>',
        '00000002 from <second@b.test>',
        '00000001 aborted',
        '00000002 to <d@d.test>',
        '00000002 data',
      ]);
    }
  });

  test('EHLO ends the transaction, but not the login (D5)', async () => {
    const peer = await plays(
      `${ehlo}
      C: AUTH PLAIN AHUAcA==
      S: 235 2.0.0 Authentication succeeded
      ${accepted}
      C: HELO again
      S: 250 2.0.0 Hello again
      C: RCPT TO:<e@d.test>
      S: 502 5.5.1 Missing MAIL FROM command.
      ${accepted}`,
      { protocol: 'submission', mechanisms: ['PLAIN'] },
      { passwords: { u: 'p' } },
    );
    expect(peer.backend.happenings).toContain('00000001 aborted');
  });

  test('content that cannot be kept is refused for now: a full disk as such, a fault of ours as such', async () => {
    const content = `${ehlo}${accepted}
      C: DATA
      ${go}
      C: Subject: x
      C:
      C: ${'long '.repeat(100)}
      C: .`;
    await plays(
      `${content}
      S: 452 4.3.1 Insufficient system storage (msg ID = 00000001)`,
      { buffer: { kind: 'fs', directory: '/proc/nowhere' } },
    );
    class BrokenBudget extends MemoryBudget {
      override take(): void {
        throw new TypeError('a fault of ours');
      }
    }
    await plays(
      `${content}
      S: 451 4.0.0 Internal server error (msg ID = 00000001)`,
      { memory: new BrokenBudget(0) },
    );
  });

  test('refusals of recipients keep code, enhanced code and text, and name the message', async () => {
    await plays(
      `${ehlo}
      C: MAIL FROM:<a@b.test>
      S: 250 2.0.0 Roger, accepting mail from <a@b.test>
      C: RCPT TO:<nobody@d.test>
      S: 550 5.1.1 ?????? two lines (msg ID = 00000001)
      C: RCPT TO:<odd@d.test>
      S: 452 4.5.3 wrong class (msg ID = 00000001)
      C: RCPT TO:<broken@d.test>
      S: 451 4.0.0 Internal server error (msg ID = 00000001)
      C: DATA
      S: 502 5.5.1 Missing RCPT TO command.
      C: MAIL FROM:<a@b.test> SMTPUTF8
      S: 250 2.0.0 Roger, accepting mail from <a@b.test>
      C: RCPT TO:<nobody@d.test>
      S: 550 5.1.1 Привет two lines (msg ID = 00000002)`,
      {},
      {
        recipient: (to) => {
          if (to.startsWith('nobody')) throw refusal(550, '5.1.1', 'Привет\r\ntwo lines');
          if (to.startsWith('odd')) throw refusal(452, '5.5.3', 'wrong class');
          if (to.startsWith('broken')) throw new TypeError('a fault of ours');
        },
      },
    );
  });

  test('what the backend does not say to be accepted is not', async () => {
    await plays(
      `${lmtp}
      C: MAIL FROM:<a@b.test>
      C: RCPT TO:<One@D.test>
      C: RCPT TO:<two@d.test>
      C: RCPT TO:<three@d.test>
      C: DATA
      S: 250 2.0.0 Roger, accepting mail from <a@b.test>
      S: 250 2.0.0 I'll make sure <One@D.test> gets this
      S: 250 2.0.0 I'll make sure <two@d.test> gets this
      S: 250 2.0.0 I'll make sure <three@d.test> gets this
      ${go}
      C: .
      S: 250 2.0.0 <One@D.test> OK: queued
      S: 552 5.2.2 <two@d.test> full (msg ID = 00000001)
      S: 451 4.0.0 <three@d.test> Internal server error (msg ID = 00000001)`,
      { protocol: 'lmtp' },
      { data: () => [null, refusal(552, '5.2.2', 'full')] },
    );
  });
});

describe('security', () => {
  test('nothing that was sent in the clear counts after STARTTLS', async () => {
    const peer = await plays(
      `${ehlo}
      C: AUTH PLAIN AHUAcA==
      S: 235 2.0.0 Authentication succeeded
      ${accepted}
      C: STARTTLS
      C: RSET
      C: QUIT
      S: 220 2.0.0 Ready to start TLS
      TLS
      C: MAIL FROM:<a@b.test>
      S: 502 5.5.1 Please introduce yourself first.
      C: HELO a
      S: 250 2.0.0 Hello a
      C: RCPT TO:<c@d.test>
      S: 502 5.5.1 Missing MAIL FROM command.
      C: MAIL FROM:<a@b.test>
      S: 502 5.7.0 Please authenticate first`,
      { tls: true, protocol: 'submission', mechanisms: ['PLAIN'] },
      { passwords: { u: 'p' } },
    );
    expect(peer.backend.happenings).toContain('00000001 aborted');
  });

  test('bytes before the handshake is done are not read', async () => {
    const peer = new SessionUnderTest({ tls: true });
    await peer.send('EHLO a\r\nSTARTTLS\r\n');
    peer.takeOutput();
    peer.session.receive(Buffer.from('NOOP\r\n'));
    peer.session.secured();
    await peer.settled();
    await peer.send('NOOP\r\n');
    expect(peer.takeOutput()).toBe('250 2.0.0 I have successfully done nothing\r\n');
  });

  test('no password without TLS', async () => {
    await plays(
      `${ehlo}
      C: AUTH PLAIN AHUAcA==
      S: 523 5.7.10 TLS is required`,
      { tls: true, insecureAuth: false, mechanisms: ['PLAIN'] },
    );
  });

  test('twenty failed logins are enough (D32)', async () => {
    const peer = await plays(
      `${ehlo}
      ${'C: AUTH PLAIN AHUAeA==\nS: 535 5.7.8 Invalid credentials\n'.repeat(20)}
      S: 421 4.7.0 Too many failed logins
      END`,
      { mechanisms: ['PLAIN'] },
    );
    expect(peer.backend.happenings.filter((line) => line.startsWith('auth'))).toHaveLength(20);
  });

  test('AUTH: temporary failures, malformed responses, and nobody in the name of another (D6, D9)', async () => {
    await plays(
      `${ehlo}
      C: AUTH PLAIN AGRvd24AcA==
      S: 454 4.7.0 Temporary authentication failure
      C: AUTH PLAIN b3RoZXIAdQBw
      S: 535 5.7.8 Invalid credentials
      C: AUTH PLAIN dQBw
      S: 501 5.5.2 Invalid authentication response
      C: AUTH PLAIN !
      S: 501 5.5.2 Invalid base64 data
      C: AUTH LOGIN
      S: 504 5.5.4 Unsupported authentication mechanism
      C: AUTH PLAIN
      S: 334 
      C: AHUAcA==
      S: 235 2.0.0 Authentication succeeded
      C: AUTH PLAIN AHUAcA==
      S: 503 5.5.1 Already authenticated`,
      { mechanisms: ['PLAIN'] },
      { passwords: { u: 'p' } },
    );
  });

  test('controls do not get into addresses and names', async () => {
    await plays(`${ehlo}
      C> MAIL FROM:<a\\rb@c.test>\\r\\n
      S: 501 5.5.2 Was expecting MAIL arg syntax of FROM:<address>
      C> MAIL FROM:<"a\\tb\\u0001"@c.test>\\r\\n
      S: 501 5.5.2 Was expecting MAIL arg syntax of FROM:<address>
      C> HELO a\\u0000b\\r\\n
      S: 501 5.5.2 Domain/address argument required for HELO`);
  });

  test('needless quotes are dropped, so that rules see the same mailbox; needed ones stay (D8)', async () => {
    await plays(`${ehlo}
      C: MAIL FROM:<"us\\er"@b.test>
      S: 250 2.0.0 Roger, accepting mail from <user@b.test>
      C: RCPT TO:<"john \\"x\\" smith"@d.test>
      S: 250 2.0.0 I'll make sure <"john \\"x\\" smith"@d.test> gets this
      C: RCPT TO:<Postmaster>
      S: 250 2.0.0 I'll make sure <Postmaster> gets this
      C: RCPT TO:<""@d.test>
      S: 501 5.5.2 Was expecting RCPT arg syntax of TO:<address>`);
  });
});

describe('the end of a session', () => {
  test('an idle one is told, one at work is left alone', async () => {
    const peer = new SessionUnderTest({}, { slow: true });
    peer.takeOutput();
    peer.session.receive(Buffer.from('EHLO a\r\n'));
    peer.session.shutDown(replies.shuttingDown);
    expect(peer.ended).toBe(false);
    await peer.settled();
    peer.takeOutput();
    peer.session.shutDown(replies.shuttingDown);
    expect(peer.takeOutput()).toBe('421 4.3.2 Service is shutting down, please come back\r\n');
    expect(peer.ended).toBe(true);
  });

  test('a client that goes in the middle leaves nothing open', async () => {
    const peer = new SessionUnderTest({}, { slow: true });
    await peer.send('EHLO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\n');
    peer.session.receive(Buffer.from('RCPT TO:<e@d.test>\r\n'));
    peer.session.disconnected();
    await eventually(() => peer.backend.happenings.at(-1) === 'closed');
    expect(peer.backend.happenings.slice(-3)).toEqual(['00000001 to <e@d.test>', '00000001 aborted', 'closed']);
  });

  test('input behind a slow answer is bounded', async () => {
    const peer = new SessionUnderTest({}, { slow: true });
    peer.session.receive(Buffer.from('EHLO a\r\n'));
    for (let i = 0; i < 100 && !peer.paused; i++) peer.session.receive(Buffer.from('NOOP\r\n'.repeat(1000)));
    expect(peer.paused).toBe(true);
    await peer.settled();
    expect(peer.paused).toBe(false);
  });
});

describe('log lines', () => {
  test('of a message, of refusals and of failed logins', async () => {
    const lines: string[] = [];
    const peer = new SessionUnderTest(
      { log: recordingLog(lines, 'smtp'), maxLoggedRcptErrors: 2, mechanisms: ['PLAIN'] },
      {
        recipient: (to) => {
          if (to.startsWith('no'))
            throw new ReplyError({ code: 550, enhanced: '5.1.1', text: 'no' }, { effective_rcpt: to });
        },
      },
    );
    await peer.send('EHLO a\r\nAUTH PLAIN AHUAcA==\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\n');
    await peer.send('RCPT TO:<no1@d.test>\r\nRCPT TO:<no2@d.test>\r\nRCPT TO:<no3@d.test>\r\nDATA\r\n.\r\n');
    await peer.send('MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nRSET\r\n');
    expect(lines).toEqual([
      'smtp/sasl: authentication failed {"reason":"unknown credentials","src_ip":"192.0.2.1:4711","username":"u"}',
      'smtp: RCPT ok {"msg_id":"00000001","rcpt":"c@d.test"}',
      'smtp: RCPT error {"msg_id":"00000001","rcpt":"no1@d.test","effective_rcpt":"no1@d.test","reply":"550 5.1.1 no"}',
      'smtp: RCPT error {"msg_id":"00000001","rcpt":"no2@d.test","effective_rcpt":"no2@d.test","reply":"550 5.1.1 no"}',
      'smtp: too many RCPT errors, possible dictonary attack {"msg_id":"00000001","src_ip":"192.0.2.1:4711"}',
      'smtp: accepted {"msg_id":"00000001"}',
      'smtp: RCPT ok {"msg_id":"00000002","rcpt":"c@d.test"}',
      'smtp: aborted {"msg_id":"00000002"}',
    ]);
  });

  test('io_debug shows the wire, but no password', async () => {
    const lines: string[] = [];
    const peer = new SessionUnderTest({ log: recordingLog(lines), ioDebug: true, mechanisms: ['PLAIN', 'LOGIN'] });
    await peer.send('HELO a\r\nAUTH PLAIN AHUAcA==\r\nAUTH LOGIN\r\ndQ==\r\ncA==\r\n');
    const wire = lines.filter((line) => line.endsWith('\r'));
    expect(wire).toEqual([
      '220 mx.maddy.test ESMTP Service Ready\r',
      'HELO a\r',
      '250 2.0.0 Hello a\r',
      'AUTH PLAIN <hidden>\r',
      '535 5.7.8 Invalid credentials\r',
      'AUTH LOGIN\r',
      '334 VXNlcm5hbWU6\r',
      '<hidden>\r',
      '334 UGFzc3dvcmQ6\r',
      '<hidden>\r',
      '535 5.7.8 Invalid credentials\r',
    ]);
  });
});
