import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DnsServer } from '../kit/dns-server.ts';
import { freePort } from '../kit/free-port.ts';
import { awaitMessage } from '../kit/imap.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { describeWithServices, type Service, startService } from '../kit/services.ts';
import { plain, send } from '../kit/submission.ts';
import { WireClient } from '../kit/wire-client.ts';

const configuration = join(import.meta.dirname, '..', '..', 'examples', 'dovecot', 'outgoing-relay.conf');

describeWithServices(
  'the guide, second part: Dovecot’s submission service relays to us',
  ['dovecot', 'smtp-sink'],
  () => {
    let dovecot: Service;
    let sink: Service;
    let dns: DnsServer;
    let server: ServerProcess;
    let directory: string;

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'mc-guide-'));
      const relayPort = await freePort();
      sink = await startService('smtp-sink');
      dovecot = await startService('dovecot', { DOVECOT_SUBMISSION_RELAY: `127.0.0.1:${relayPort}` });
      dns = await DnsServer.start({
        'remote.test.': { MX: [{ host: 'mx.remote.test.', pref: 10 }] },
        'mx.remote.test.': { A: ['127.0.0.1'] },
      });
      const debug = ['-debug.smtpport', sink.env.SMTP_PORT ?? '', '-debug.dnsoverride', dns.address];
      server = await ServerProcess.start(['-config', configuration, ...debug, 'run'], {
        MADDYC_STATE: join(directory, 'state'),
        DOVECOT: dirname(dovecot.env.LMTP_SOCKET ?? ''),
        RELAY_PORT: String(relayPort),
      });
    });

    afterAll(async () => {
      const code = await server?.stop();
      await dovecot?.dispose();
      await sink?.dispose();
      await dns?.stop();
      await rm(directory, { recursive: true, force: true });
      expect(code).toBe(0);
    });

    async function alice(): Promise<WireClient> {
      const client = await WireClient.connect(Number(dovecot.env.SUBMISSION_PORT));
      await client.reply();
      await client.say('EHLO client.test');
      expect(await client.say(plain('alice@example.org', 'alicepw'))).toMatch(/^235 /);
      return client;
    }

    it('a message to a colleague is in the mailbox', async () => {
      const client = await alice();
      expect(await send(client, { from: 'alice@example.org', to: 'bob@example.org', subject: 'inside' })).toMatch(
        /^250 /,
      );
      await awaitMessage(Number(dovecot.env.IMAP_PORT), 'bob@example.org', 'bobpw', 'inside');
      client.destroy();
    });

    it('a message to the world is with the server that its domain names', async () => {
      const client = await alice();
      expect(await send(client, { from: 'alice@example.org', to: 'y@remote.test', subject: 'outside' })).toMatch(
        /^250 /,
      );
      const received = await awaitDump(sink.env.SMTP_DUMP ?? '', 'outside');
      expect(received).toContain('X-Mail-Args: <alice@example.org>');
      expect(received).toContain('X-Rcpt-Args: <y@remote.test>');
      client.destroy();
    });

    it('a message to nobody is refused at RCPT', async () => {
      const client = await alice();
      await client.say('MAIL FROM:<alice@example.org>');
      expect(await client.say('RCPT TO:<nouser@example.org>')).toMatch(/^550 /);
      client.destroy();
    });

    it('a message to a domain that is not there comes back to its sender', async () => {
      const client = await alice();
      expect(await send(client, { from: 'alice@example.org', to: 'z@gone.test', subject: 'lost' })).toMatch(/^250 /);
      const imap = Number(dovecot.env.IMAP_PORT);
      const bounce = await awaitMessage(imap, 'alice@example.org', 'alicepw', 'Undelivered Mail Returned to Sender');
      expect(bounce).toMatch(/Status: 5\.4\.4/);
      expect(bounce).toMatch(/Final-Recipient: rfc822; ?z@gone\.test/i);
      client.destroy();
    });
  },
);

describeWithServices('a queue before Dovecot', ['dovecot'], () => {
  it('keeps mail while Dovecot is down, and delivers it once it is back', { timeout: 30_000 }, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mc-guide-'));
    const dovecot = await startService('dovecot');
    const port = await freePort();
    const path = join(directory, 'maddy.conf');
    await writeFile(
      path,
      `state_dir ${directory}/state
runtime_dir ${directory}/run
hostname mx.example.org
tls off
target.queue local_queue {
    target lmtp unix://${dovecot.env.LMTP_SOCKET}
    initial_retry_time 500ms
}
smtp tcp://127.0.0.1:${port} {
    deliver_to &local_queue
}
`,
    );
    const server = await ServerProcess.start(['run', path]);
    try {
      await dovecot.stop();
      const client = await WireClient.connect(port);
      await client.reply();
      await client.say('EHLO mx.example.net');
      const message = { from: 'friend@example.net', to: 'bob@example.org', subject: 'meanwhile' };
      expect(await send(client, message)).toMatch(/^250 /);
      client.destroy();
      await server.logged(/will retry/);
      await dovecot.start();
      await awaitMessage(Number(dovecot.env.IMAP_PORT), 'bob@example.org', 'bobpw', 'meanwhile');
    } finally {
      expect(await server.stop()).toBe(0);
      await dovecot.dispose();
      await rm(directory, { recursive: true, force: true });
    }
  });
});

/** What smtp-sink has written about the message with that subject. */
async function awaitDump(directory: string, subject: string): Promise<string> {
  for (let attempt = 0; attempt < 200; attempt++) {
    for (const name of await readdir(directory)) {
      const text = await readFile(join(directory, name), 'utf8');
      if (text.includes(`Subject: ${subject}\n`)) return text;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nothing "${subject}" has come`);
}
