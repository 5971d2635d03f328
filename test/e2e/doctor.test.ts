import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../kit/io.ts';
import { describeWithServices, type Service, startService } from '../kit/services.ts';

/** A listener whose name makes it one of another kind in Dovecot 2.3. */
const masters = `service auth {
  unix_listener auth-maddy-master {
    mode = 0666
  }
}
`;

describeWithServices('the doctor at a real Dovecot', ['dovecot'], () => {
  let directory: string;
  let dovecot: Service;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mc-doctor-'));
    dovecot = await startService('dovecot', { DOVECOT_EXTRA: masters });
  });
  afterAll(async () => {
    await dovecot?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  async function examine(
    lmtp: string,
    auth: string,
    { domain = 'example.org', args = [] }: { domain?: string; args?: readonly string[] } = {},
  ): Promise<{ code: number; stdout: string }> {
    writeFileSync(
      join(directory, 'maddy.conf'),
      `$(local_domains) = ${domain}
state_dir ${directory}
runtime_dir ${directory}/run
hostname mx.example.org
tls off
target.lmtp boxes {
    targets unix://${lmtp}
}
submission tcp://127.0.0.1:0 {
    insecure_auth yes
    auth dovecot_sasl unix://${auth}
    destination $(local_domains) {
        deliver_to &boxes
    }
    default_destination {
        reject
    }
}
`,
    );
    return runCli(['doctor', ...args, 'maddy.conf'], { cwd: directory });
  }

  it('finds both sockets well, and whom Dovecot knows', async () => {
    const { code, stdout } = await examine(dovecot.env.LMTP_SOCKET ?? '', dovecot.env.AUTH_SOCKET ?? '');
    expect(stdout).toMatch(/^ok {6}unix:\/\/\S+lmtp-maddy: answers: 220 .*Dovecot/m);
    expect(stdout).toMatch(/^ok {6}unix:\/\/\S+lmtp-maddy: postmaster@example\.org has a mailbox/m);
    expect(stdout).toMatch(/^ok {6}unix:\/\/\S+auth-maddy-client: answers, and offers PLAIN, LOGIN/m);
    expect(stdout).not.toContain('lmtp-takes-anybody');
    expect(code, stdout).toBe(0);
  });

  it('misses the postmaster of another domain', async () => {
    const { code, stdout } = await examine(dovecot.env.LMTP_SOCKET ?? '', dovecot.env.AUTH_SOCKET ?? '', {
      domain: 'example.com',
    });
    expect(stdout).toMatch(/postmaster@example\.com is not taken: 550 5\.1\.1 .*\[lmtp-no-postmaster\]/);
    expect(code).toBe(1);
  });

  it('knows the two sockets apart when they are exchanged', async () => {
    const { stdout } = await examine(dovecot.env.AUTH_SOCKET ?? '', dovecot.env.LMTP_SOCKET ?? '');
    expect(stdout).toContain('[lmtp-is-auth]');
    expect(stdout).toContain('[auth-is-lmtp]');
  });

  it('knows a listener that is not for clients', async () => {
    const master = (dovecot.env.AUTH_SOCKET ?? '').replace('auth-maddy-client', 'auth-maddy-master');
    const { stdout } = await examine(dovecot.env.LMTP_SOCKET ?? '', master);
    expect(stdout).toContain('[auth-not-client]');
    expect(stdout).toContain('the end of its name, -master, makes it one of another type');
  });

  it.runIf(process.getuid?.() === 0)('sees with the eyes of the account that is named', async () => {
    const sockets = [dovecot.env.LMTP_SOCKET ?? '', dovecot.env.AUTH_SOCKET ?? ''] as const;
    const { code, stdout } = await examine(...sockets, { args: ['--user', 'daemon'] });
    expect(stdout).toMatch(/^error {3}\S+lmtp-maddy: daemon may not connect .*\[M5106\]$/m);
    expect(code).toBe(1);
  });

  it('tells a socket that was left over', async () => {
    await dovecot.stop();
    const { code, stdout } = await examine(dovecot.env.LMTP_SOCKET ?? '', dovecot.env.AUTH_SOCKET ?? '');
    // A Dovecot that ends in order takes its sockets along; either is said.
    expect(stdout).toMatch(/\[(lmtp-refused|M5106)\]/);
    expect(stdout).toMatch(/\[(auth-refused|M5106)\]/);
    expect(code).toBe(1);
    await dovecot.start();
  });
});
