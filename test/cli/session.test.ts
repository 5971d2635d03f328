import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../kit/io.ts';

const configuration = `$(local_domains) = example.org example.net
hostname mx.example.org
tls off
target.lmtp mailboxes {
    targets unix:///run/dovecot/lmtp
}
smtp tcp://127.0.0.1:25 {
    defer_sender_reject no
    check {
        dkim
        require_mx_record
    }
    source banned.test {
        reject 550 5.7.1 "Not from there"
    }
    default_source {
        destination postmaster $(local_domains) {
            deliver_to &mailboxes
        }
        default_destination {
            reject 550 5.7.1 "Relaying denied"
        }
    }
}
submission tcp://127.0.0.1:587 {
    insecure_auth yes
    auth dummy
    check {
        authorize_sender
    }
    deliver_to &mailboxes
}
lmtp tcp://127.0.0.1:24 {
    deliver_to &mailboxes
}
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'maddyc-session-'));
  writeFileSync(join(folder, 'maddy.conf'), configuration);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function session(lines: readonly string[], ...args: readonly string[]): Promise<readonly string[]> {
  const stdin = lines.map((line) => `${line}\r\n`).join('');
  const { code, stdout, stderr } = await runCli(['session', ...args], { cwd: folder, stdin });
  expect([code, stderr]).toEqual([0, '']);
  return stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, '  '));
}

const replies = (lines: readonly string[]): readonly string[] => lines.filter((line) => /^S: \d{3} /.test(line));

describe('maddyc session', () => {
  test('a transcript with the reasons', async () => {
    const lines = await session([
      'EHLO me',
      'MAIL FROM:<a@x.test>',
      'RCPT TO:<ann@example.org>',
      'RCPT TO:<b@else.test>',
      'DATA',
      'Subject: test',
      '',
      '.',
      'QUIT',
    ]);
    expect(lines.slice(lines.indexOf('C: RCPT TO:<ann@example.org>'))).toEqual([
      'C: RCPT TO:<ann@example.org>',
      '#  check dkim  assumed to pass  :10',
      '#  check require_mx_record  assumed to pass  :11',
      '#  source banned.test  no  :13',
      '#  default_source  taken  :16',
      '#  destination postmaster example.org example.net  matches ann@example.org  :17',
      '#  deliver_to &mailboxes  ann@example.org  :18',
      '# delivered to &mailboxes (target.lmtp) as ann@example.org',
      '# assumed: dkim passes (--check dkim=fail to see the other way)',
      '# assumed: require_mx_record passes (--check require_mx_record=fail to see the other way)',
      "S: 250 2.0.0 I'll make sure <ann@example.org> gets this",
      'C: RCPT TO:<b@else.test>',
      expect.stringMatching(/^# {2}check dkim/),
      expect.stringMatching(/^# {2}check require_mx_record/),
      '#  source banned.test  no  :13',
      '#  default_source  taken  :16',
      '#  destination postmaster example.org example.net  no  :17',
      '#  default_destination  taken  :20',
      '#  reject 550 5.7.1  Relaying denied  :21',
      '# rejected at RCPT: 550 5.7.1 Relaying denied',
      expect.stringMatching(/^# assumed: dkim/),
      expect.stringMatching(/^# assumed: require_mx_record/),
      'S: 550 5.7.1 Relaying denied',
      'C: DATA',
      'S: 354 Go ahead. End your data with <CR><LF>.<CR><LF>',
      'C: Subject: test',
      'C: ',
      'C: .',
      '# the message would be delivered as said above',
      'S: 250 2.0.0 OK: queued',
      'C: QUIT',
      'S: 221 2.0.0 Bye',
      '',
    ]);
  });

  test('a refused sender, and a check that fails at the end', async () => {
    const mail = ['EHLO me', 'MAIL FROM:<x@banned.test>', 'RSET', 'MAIL FROM:<a@x.test>', 'RCPT TO:<ann@example.org>'];
    const lines = await session([...mail, 'DATA', '.', 'QUIT'], '--check', 'dkim=temperror', '-q');
    expect(replies(lines).slice(2)).toEqual([
      'S: 250 2.0.0 Roger, accepting mail from <x@banned.test>',
      'S: 250 2.0.0 Session reset',
      'S: 250 2.0.0 Roger, accepting mail from <a@x.test>',
      "S: 250 2.0.0 I'll make sure <ann@example.org> gets this",
      'S: 354 Go ahead. End your data with <CR><LF>.<CR><LF>',
      'S: 421 4.7.20 Temporary error during DKIM verification',
      'S: 221 2.0.0 Bye',
    ]);
    expect(lines.some((line) => line.startsWith('#'))).toBe(false);
  });

  test('a login, and a sender that is not the user’s', async () => {
    const login = `AUTH PLAIN ${Buffer.from('\0ann@example.org\0any').toString('base64')}`;
    const lines = await session(
      ['EHLO me', 'MAIL FROM:<ann@example.org>', login, 'MAIL FROM:<bob@example.org>', 'RCPT TO:<b@else.test>', 'QUIT'],
      '--endpoint',
      'submission',
    );
    expect(lines).toContain('# assumed: the password of ann@example.org is right');
    expect(replies(lines).slice(2)).toEqual([
      'S: 502 5.7.0 Please authenticate first',
      'S: 235 2.0.0 Authentication succeeded',
      'S: 250 2.0.0 Roger, accepting mail from <bob@example.org>',
      'S: 553 5.7.0 Unauthorized use of sender address',
      'S: 221 2.0.0 Bye',
    ]);
  });

  test('LMTP answers for each recipient', async () => {
    const lines = await session(
      ['LHLO me', 'MAIL FROM:<>', 'RCPT TO:<a@example.org>', 'RCPT TO:<b@example.org>', 'DATA', '.', 'QUIT'],
      '--endpoint',
      'lmtp',
      '-q',
    );
    expect(replies(lines).slice(-3)).toEqual([
      expect.stringContaining('<a@example.org>'),
      expect.stringContaining('<b@example.org>'),
      'S: 221 2.0.0 Bye',
    ]);
  });

  test('an endpoint that is not there', async () => {
    const { code, stderr } = await runCli(['session', '--endpoint', 'imap'], { cwd: folder });
    expect([code, stderr]).toEqual([2, expect.stringContaining('no endpoint "imap"')]);
  });

  test('a session that its client leaves', async () => {
    expect(replies(await session(['EHLO me', 'MAIL FROM:<a@x.test>']))).toHaveLength(3);
  });
});

test('maddyc route --mermaid: what recipients share is drawn once', async () => {
  const args = ['route', '--mermaid', '--from', 'a@x.test', '--to', 'ann@example.org', '--to', 'b@else.test'];
  const { code, stdout } = await runCli(args, { cwd: folder });
  expect([code, stdout]).toEqual([
    0,
    `flowchart TD
    n1(["smtp tcp://127.0.0.1:25<br/><small>maddy.conf:7</small>"])
    n2("to ann@example.org")
    n3["default_source<br/><small>maddy.conf:16</small>"]
    n4["destination postmaster example.org example.net<br/><small>maddy.conf:17</small>"]
    n5["deliver_to #38;mailboxes<br/><small>maddy.conf:18</small>"]
    n6(["#38;mailboxes gets ann@example.org"])
    n7("to b@else.test")
    n8["default_destination<br/><small>maddy.conf:20</small>"]
    n9(["rejected at RCPT: 550 5.7.1 Relaying denied"])
    n1 --> n2
    n2 -->|"a@x.test"| n3
    n3 -->|"ann@example.org"| n4
    n4 -->|"ann@example.org"| n5
    n5 --> n6
    n1 --> n7
    n7 -->|"a@x.test"| n3
    n3 -->|"b@else.test"| n8
    n8 --> n9
`,
  ]);
});
