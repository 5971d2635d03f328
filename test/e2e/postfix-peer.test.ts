import { writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSelfSigned } from '../../runtime/tls/self-signed.ts';
import { freePort } from '../kit/free-port.ts';
import { ServerWithMaildir } from '../kit/mail-server.ts';
import { RemoteWorld } from '../kit/remote-world.ts';
import { describeWithServices, type Service, startService } from '../kit/services.ts';
import { WireClient } from '../kit/wire-client.ts';

describeWithServices('mail to a Postfix that the recipient’s domain names', ['postfix'], () => {
  let postfix: Service;
  let world: RemoteWorld;

  beforeAll(async () => {
    const port = await freePort();
    const { cert, key } = createSelfSigned(['mx.postfix.test']);
    postfix = await startService('postfix', async (directory) => {
      await writeFile(`${directory}.cert`, cert);
      await writeFile(`${directory}.key`, key);
      return { POSTFIX_PORT: String(port), POSTFIX_TLS: `${directory}.cert:${directory}.key` };
    });
    world = await RemoteWorld.start({
      mxPort: port,
      zones: {
        'postfix.test.': { MX: [{ host: 'mx.postfix.test.', pref: 10 }] },
        'mx.postfix.test.': { A: ['127.0.0.1'] },
      },
      remote: 'mx_auth {\nlocal_policy { min_tls_level authenticated }\n}\ntls_client { root_ca root.pem }',
      prepare: (stateDir) => writeFileSync(join(stateDir, 'root.pem'), cert),
    });
  });

  afterAll(async () => {
    await world?.stop();
    await postfix?.dispose();
  });

  it('is taken, over TLS with a certificate that was looked at', async () => {
    expect(await world.send({ to: ['ann@postfix.test', 'bob@postfix.test'] })).toEqual(['250 2.0.0 OK: queued']);
    await written(postfix, /to=<bob@postfix\.test>.* status=sent/);
    expect(await readFile(postfix.env.LOG ?? '', 'utf8')).toContain('to=<ann@postfix.test>');
  });

  it('is refused with its words, for each recipient', async () => {
    expect(await world.send({ to: ['nobody@postfix.test', 'full@postfix.test'] })).toEqual([
      '550 5.1.1 mx.postfix.test. said: <nobody@postfix.test>: Recipient address rejected: No such user here',
      '450 4.2.2 mx.postfix.test. said: <full@postfix.test>: Recipient address rejected: Mailbox full',
    ]);
  });

  it('goes over one connection after another', async () => {
    for (let message = 0; message < 25; message++) {
      expect(await world.send({ to: ['ann@postfix.test'] })).toEqual(['250 2.0.0 OK: queued']);
    }
    // Eleven messages over each (conn_reuse_limit 10): not one connection a message, and not one for all.
    const connections = (await readFile(postfix.env.LOG ?? '', 'utf8')).match(/: connect from /g)?.length ?? 0;
    expect(connections).toBeGreaterThan(2);
    expect(connections).toBeLessThan(8);
  });
});

describeWithServices('mail from a Postfix that relays to us', ['postfix'], () => {
  it('is in the mailbox', async () => {
    const server = await ServerWithMaildir.start('', {});
    const postfix = await startService('postfix', { POSTFIX_RELAYHOST: `[127.0.0.1]:${server.port}` });
    try {
      const client = await WireClient.connect(Number(postfix.env.SMTP_PORT));
      await client.reply();
      await client.say('EHLO client.test');
      await client.say('MAIL FROM:<ann@from.test>');
      await client.say('RCPT TO:<bob@mailbox.test>');
      await client.say('DATA');
      expect(await client.say('From: ann@from.test', 'Subject: by Postfix', '', '.dot', '.')).toMatch(/^250 /);
      client.destroy();
      await written(postfix, /to=<bob@mailbox\.test>.* status=sent \(250 2\.0\.0 OK: queued\)/);
      expect(server.delivered()).toContain('Subject: by Postfix');
    } finally {
      await postfix.dispose();
      await server.stop();
    }
  });
});

/** Until the log of Postfix holds it. */
async function written({ env }: Service, what: RegExp): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (what.test(await readFile(env.LOG ?? '', 'utf8').catch(() => ''))) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Postfix has not written ${what}`);
}
