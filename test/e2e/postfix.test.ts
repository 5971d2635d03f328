import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../kit/free-port.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { describeWithServices, type Service, startService } from '../kit/services.ts';
import { WireClient } from '../kit/wire-client.ts';

const plain = (user: string, password: string): string => Buffer.from(`\0${user}\0${password}`).toString('base64');

/** bcrypt of `secret1`. */
const hash = 'bcrypt:$2a$04$R0fKytFZjQJMb79zfnrkF.gUI.Salg1xMFsFLEgJqlTfzV5wJ9UiK';

describeWithServices('a Postfix that asks our dovecot_sasld (smtpd_sasl_type = dovecot)', ['postfix'], () => {
  let directory: string;
  let server: ServerProcess;
  let postfix: Service;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mc-sasld-'));
    const port = await freePort();
    const path = join(directory, 'maddy.conf');
    await writeFile(
      path,
      `state_dir ${directory}/state
runtime_dir ${directory}/run
hostname mx.example.org
dovecot_sasld tcp://127.0.0.1:${port} {
    auth pass_table static { entry ann@example.org "${hash}" }
    sasl_login yes
}
`,
    );
    server = await ServerProcess.start(['run', path]);
    postfix = await startService('postfix', { POSTFIX_SASL_PATH: `inet:127.0.0.1:${port}` });
  });

  afterAll(async () => {
    await postfix?.dispose();
    expect(await server?.stop()).toBe(0);
    await rm(directory, { recursive: true, force: true });
  });

  async function greeted(): Promise<WireClient> {
    const client = await WireClient.connect(Number(postfix.env.SMTP_PORT));
    await client.reply();
    expect(await client.say('EHLO client.test')).toMatch(/^250-AUTH (PLAIN LOGIN|LOGIN PLAIN)$/m);
    return client;
  }

  it('lets in who has the password, and takes a message', async () => {
    const client = await greeted();
    expect(await client.say(`AUTH PLAIN ${plain('ann@example.org', 'secret1')}`)).toMatch(/^235 2\.7\.0 /);
    expect(await client.say('MAIL FROM:<ann@example.org>')).toMatch(/^250 /);
    expect(await client.say('RCPT TO:<bob@elsewhere.test>')).toMatch(/^250 /);
    expect(await client.say('DATA')).toMatch(/^354 /);
    expect(await client.say('Subject: hello', '', 'hello', '.')).toMatch(/^250 /);
    client.destroy();
  });

  it('asks again over the same connection after a wrong password, and by LOGIN', async () => {
    const client = await greeted();
    expect(await client.say(`AUTH PLAIN ${plain('ann@example.org', 'wrong')}`)).toMatch(/^535 5\.7\.8 /);
    expect(await client.say('AUTH LOGIN')).toBe('334 VXNlcm5hbWU6');
    expect(await client.say(Buffer.from('ann@example.org').toString('base64'))).toBe('334 UGFzc3dvcmQ6');
    expect(await client.say(Buffer.from('secret1').toString('base64'))).toMatch(/^235 2\.7\.0 /);
    client.destroy();
    await server.logged(
      /dovecot_sasld\/sasl: authentication failed\t.*"src_ip":"127\.0\.0\.1:\d+","username":"ann@example\.org"/,
    );
  });
});
