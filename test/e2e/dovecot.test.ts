import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSelfSigned } from '../../runtime/tls/self-signed.ts';
import { freePort } from '../kit/free-port.ts';
import { awaitMessage, readInbox } from '../kit/imap.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { describeWithServices, type Service, startService } from '../kit/services.ts';
import { loggedIn, plain, secured, send } from '../kit/submission.ts';
import { WireClient } from '../kit/wire-client.ts';

const configuration = join(import.meta.dirname, '..', '..', 'examples', 'dovecot', 'submission-and-lmtp.conf');

/** A quota of ten bytes for one user: every message is too much. */
const quota = `mail_plugins = $mail_plugins quota
plugin {
  quota = count:User quota
  quota_rule = *:storage=100M
  quota_vsizes = yes
  quota_grace = 0
}`;

describeWithServices('the guide: Dovecot behind LMTP and SASL', ['dovecot'], () => {
  let dovecot: Service;
  let server: ServerProcess;
  let directory: string;
  let smtpPort: number;
  let submissionPort: number;
  let imapPort: number;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mc-guide-'));
    imapPort = await freePort();
    dovecot = await startService('dovecot', { DOVECOT_EXTRA: quota, DOVECOT_IMAP_PORT: String(imapPort) });
    await addUserWithoutRoom(dovecot.directory);
    const { cert, key } = createSelfSigned(['mx.example.org', '127.0.0.1']);
    await writeFile(join(directory, 'cert.pem'), cert);
    await writeFile(join(directory, 'key.pem'), key);
    smtpPort = await freePort();
    submissionPort = await freePort();
    server = await ServerProcess.start(['run', configuration], {
      MADDYC_STATE: join(directory, 'state'),
      TLS_CERT: join(directory, 'cert.pem'),
      TLS_KEY: join(directory, 'key.pem'),
      DOVECOT: dirname(dovecot.env.LMTP_SOCKET ?? ''),
      SMTP_PORT: String(smtpPort),
      SUBMISSION_PORT: String(submissionPort),
      SUBMISSIONS_PORT: String(await freePort()),
    });
  });

  afterAll(async () => {
    const code = await server?.stop();
    await dovecot?.dispose();
    await rm(directory, { recursive: true, force: true });
    expect(code).toBe(0);
  });

  it('logs in over TLS with a Dovecot password, sends, and the message is read over IMAP', async () => {
    const client = await loginOfAlice(submissionPort);
    expect(await sendAsAlice(client, 'bob@example.org', 'guide')).toMatch(/^250 2\.0\.0 OK: queued/);
    const message = await awaitMessage(imapPort, 'bob@example.org', 'bobpw', 'guide');
    expect(message).toContain('Return-Path: <alice@example.org>\r\nDelivered-To: bob@example.org\r\n');
    expect(message).toMatch(/^Message-Id: <[0-9a-f-]{36}@mx\.example\.org>\r$/m);
    client.destroy();
  });

  it('offers AUTH only after STARTTLS', async () => {
    const client = await WireClient.connect(submissionPort);
    await client.reply();
    expect(await client.say('EHLO client.test')).not.toContain('AUTH');
    await client.say('STARTTLS');
    await client.startTls();
    expect(await client.say('EHLO client.test')).toContain('250-AUTH PLAIN\n');
    client.destroy();
  });

  it('refuses a wrong password with 535 5.7.8', async () => {
    const client = await secured(submissionPort);
    expect(await client.say(plain('alice@example.org', 'wrong'))).toBe('535 5.7.8 Invalid credentials');
    client.destroy();
  });

  it("refuses an unknown mailbox at RCPT with Dovecot's own code and text", async () => {
    const client = await loginOfAlice(submissionPort);
    await client.say('MAIL FROM:<alice@example.org>');
    expect(await client.say('RCPT TO:<nobody@example.org>')).toMatch(
      /^550 5\.1\.1 <nobody@example\.org> User doesn't exist: nobody@example\.org \(msg ID = [0-9a-f]{8}\)$/,
    );
    client.destroy();
  });

  it('passes on a quota refusal after DATA', async () => {
    const client = await loginOfAlice(submissionPort);
    expect(await sendAsAlice(client, 'full@example.org', 'too much')).toMatch(/^552 5\.2\.2 .*Quota exceeded/);
    client.destroy();
  });

  it('delivers mail from outside, also to the bare postmaster', async () => {
    const client = await WireClient.connect(smtpPort);
    await client.reply();
    await client.say('EHLO mx.example.net');
    await client.say('MAIL FROM:<friend@example.net>');
    expect(await client.say('RCPT TO:<postmaster>')).toMatch(/^250 /);
    await client.say('DATA');
    expect(await client.say('From: friend@example.net', 'Subject: for the postmaster', '', 'Hello', '.')).toMatch(
      /^250 /,
    );
    await awaitMessage(imapPort, 'postmaster@example.org', 'pmpw', 'for the postmaster');
    client.destroy();
  });

  it('answers temporarily while Dovecot is down, and goes on by itself when it is back', async () => {
    const earlier = await loginOfAlice(submissionPort);
    await dovecot.stop();
    const login = await secured(submissionPort);
    expect(await login.say(plain('alice@example.org', 'alicepw'))).toMatch(/^454 4\.7\.0 /);
    login.destroy();
    await earlier.say('MAIL FROM:<alice@example.org>');
    expect(await earlier.say('RCPT TO:<bob@example.org>')).toMatch(/^4\d\d 4\./);
    await earlier.say('RSET');

    await dovecot.start();
    expect(await sendAsAlice(earlier, 'bob@example.org', 'after the pause')).toMatch(/^250 /);
    await awaitMessage(imapPort, 'bob@example.org', 'bobpw', 'after the pause');
    const again = await loginOfAlice(submissionPort);
    again.destroy();
    earlier.destroy();
    const subjects = (await readInbox(imapPort, 'bob@example.org', 'bobpw')).map(
      (text) => /^Subject: (.*)\r$/m.exec(text)?.[1],
    );
    expect(subjects).toEqual(['guide', 'after the pause']);
  });
});

const loginOfAlice = (port: number): Promise<WireClient> => loggedIn(port, 'alice@example.org', 'alicepw');

/** Sends a message of alice and gives the last reply. */
function sendAsAlice(client: WireClient, to: string, subject: string): Promise<string> {
  return send(client, { from: 'alice@example.org', to, subject });
}

async function addUserWithoutRoom(dovecotDirectory: string): Promise<void> {
  const users = join(dovecotDirectory, 'users');
  const [, ids] = /^[^:]*:[^:]*:(\d+:\d+):/.exec(await readFile(users, 'utf8')) ?? [];
  await appendFile(
    users,
    `full@example.org:{PLAIN}fullpw:${ids}::${dovecotDirectory}/mail/full::userdb_quota_rule=*:bytes=10\n`,
  );
}
