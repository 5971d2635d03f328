import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSelfSigned } from '../../runtime/tls/self-signed.ts';
import { freePort } from '../kit/free-port.ts';
import { awaitMessage } from '../kit/imap.ts';
import { runCli } from '../kit/io.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { describeWithServices, type Service, startService } from '../kit/services.ts';
import { loggedIn, plain, secured, send } from '../kit/submission.ts';
import { WireClient } from '../kit/wire-client.ts';

/**
 * A server with the layout of maddy's default configuration, still with its own mailboxes and passwords. Of the default it lacks
 * what needs the internet to do anything: the checks of the sender's host (require_mx_record, dkim, spf, dmarc), and outgoing
 * mail (target.queue, target.remote, modify.dkim), in whose place a reply stands.
 */
const layout = `$(hostname) = mx.example.org
$(primary_domain) = example.org
$(local_domains) = $(primary_domain)

state_dir {env:STATE}
runtime_dir {env:STATE}/run
hostname $(hostname)
tls file {env:TLS_CERT} {env:TLS_KEY}

# Who may log in.
auth.pass_table local_authdb {
    table sql_table {
        driver sqlite3
        dsn credentials.db
        table_name passwords
    }
}

# Where mail is kept.
storage.imapsql local_mailboxes {
    driver sqlite3
    dsn imapsql.db
}

table.chain local_rewrites {
    optional_step regexp "(.+)\\+(.+)@(.+)" "$1@$3"
    optional_step static {
        entry postmaster postmaster@$(primary_domain)
    }
    optional_step file {env:STATE}/aliases
}

msgpipeline local_routing {
    destination postmaster $(local_domains) {
        modify {
            replace_rcpt &local_rewrites
        }
        deliver_to &local_mailboxes
    }
    default_destination {
        reject 550 5.1.1 "User doesn't exist"
    }
}

smtp tcp://127.0.0.1:{env:SMTP_PORT} {
    limits {
        all rate 20 1s
        all concurrency 10
    }
    source $(local_domains) {
        reject 501 5.1.8 "Use Submission for outgoing SMTP"
    }
    default_source {
        destination postmaster $(local_domains) {
            deliver_to &local_routing
        }
        default_destination {
            reject 550 5.1.1 "User doesn't exist"
        }
    }
}

submission tls://127.0.0.1:{env:SUBMISSIONS_PORT} tcp://127.0.0.1:{env:SUBMISSION_PORT} {
    limits {
        all rate 50 1s
    }
    auth &local_authdb
    source $(local_domains) {
        check {
            authorize_sender {
                prepare_email &local_rewrites
                user_to_email identity
            }
        }
        destination postmaster $(local_domains) {
            deliver_to &local_routing
        }
        default_destination {
            reject 550 5.7.1 "No outgoing mail here"
        }
    }
    default_source {
        reject 501 5.1.8 "Non-local sender domain"
    }
}

# Where it is read.
imap tls://127.0.0.1:{env:IMAPS_PORT} {
    auth &local_authdb
    storage &local_mailboxes
}
`;

describeWithServices('the default configuration, migrated and with the rendered dovecot.conf', ['dovecot'], () => {
  let directory: string;
  let dovecot: Service;
  let server: ServerProcess;
  let imapPort: number;
  const ports = { SMTP_PORT: 0, SUBMISSION_PORT: 0, SUBMISSIONS_PORT: 0, IMAPS_PORT: 0 };

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mc-migrated-'));
    writeFileSync(join(directory, 'maddy.conf'), layout);
    for (const name of ['SMTP_PORT', 'SUBMISSION_PORT', 'SUBMISSIONS_PORT', 'IMAPS_PORT'] as const) {
      ports[name] = await freePort();
    }
    imapPort = await freePort();
    const env: Record<string, string> = {
      STATE: join(directory, 'state'),
      ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    };
    const sockets = ['--lmtp', 'unix://{env:DOVECOT}/lmtp-maddy', '--auth', 'unix://{env:DOVECOT}/auth-maddy-client'];
    await maddyc(['dovecot', 'migrate', '--write', ...sockets, 'maddy.conf'], env);
    dovecot = await startService('dovecot', async (place) => {
      const base = join(place, 'run');
      // Where a Dovecot that is not root can read them.
      mkdirSync(place);
      const { cert, key } = createSelfSigned(['mx.example.org', '127.0.0.1']);
      env.TLS_CERT = join(place, 'cert.pem');
      env.TLS_KEY = join(place, 'key.pem');
      writeFileSync(env.TLS_CERT, cert);
      writeFileSync(env.TLS_KEY, key);
      const account = accountOfServices();
      const rendered = await maddyc(
        [
          ...['dovecot', 'render', 'maddy.conf', '--base-dir', base, '--user-db', `passwd-file:${place}/users`],
          ...['--service-user', account.user, '--service-group', account.group],
        ],
        { ...env, DOVECOT: base },
      );
      writeFileSync(join(directory, 'dovecot.conf'), rendered);
      return { DOVECOT_CONF: join(directory, 'dovecot.conf'), DOVECOT_IMAP_PORT: String(imapPort) };
    });
    server = await ServerProcess.start(['run', join(directory, 'maddy.conf')], {
      ...env,
      DOVECOT: dirname(dovecot.env.LMTP_SOCKET ?? ''),
    });
  });

  afterAll(async () => {
    const code = await server?.stop();
    await dovecot?.dispose();
    rmSync(directory, { recursive: true, force: true });
    expect(code).toBe(0);
  });

  async function maddyc(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
    const { code, stdout, stderr } = await runCli(args, { cwd: directory, env });
    expect(code, stderr).toBe(0);
    return stdout;
  }

  it('has no mailboxes and passwords of its own any more', () => {
    const text = readFileSync(join(directory, 'maddy.conf'), 'utf8');
    expect(text).not.toMatch(/imapsql|pass_table|^imap /m);
    for (const comment of ['# Who may log in.', '# Where mail is kept.', '# Where it is read.']) {
      expect(text).toContain(comment);
    }
  });

  it('takes mail from outside, and IMAP has it', async () => {
    const client = await WireClient.connect(ports.SMTP_PORT);
    await client.reply();
    await client.say('EHLO mx.example.net');
    const message = { from: 'friend@example.net', to: 'bob+list@example.org', subject: 'from outside' };
    expect(await send(client, message)).toMatch(/^250 2\.0\.0 OK: queued/);
    client.destroy();
    expect(await awaitMessage(imapPort, 'bob@example.org', 'bobpw', 'from outside')).toContain(
      'Return-Path: <friend@example.net>',
    );
  });

  it('lets in who Dovecot knows, and sends for him', async () => {
    const client = await loggedIn(ports.SUBMISSION_PORT, 'alice@example.org', 'alicepw');
    const message = { from: 'alice@example.org', to: 'bob@example.org', subject: 'from alice' };
    expect(await send(client, message)).toMatch(/^250 2\.0\.0 OK: queued/);
    client.destroy();
    await awaitMessage(imapPort, 'bob@example.org', 'bobpw', 'from alice');
    const stranger = await secured(ports.SUBMISSION_PORT);
    expect(await stranger.say(plain('alice@example.org', 'wrong'))).toBe('535 5.7.8 Invalid credentials');
    stranger.destroy();
  });

  it('says at RCPT that there is no such mailbox', async () => {
    const client = await WireClient.connect(ports.SMTP_PORT);
    await client.reply();
    await client.say('EHLO mx.example.net');
    await client.say('MAIL FROM:<friend@example.net>');
    expect(await client.say('RCPT TO:<nobody@example.org>')).toMatch(/^550 5\.1\.1 .*User doesn't exist/);
    client.destroy();
  });
});

/** Services do not run as root (lib.sh). */
function accountOfServices(): { readonly user: string; readonly group: string } {
  const id = (...args: readonly string[]): string => execFileSync('id', args, { encoding: 'utf8' }).trim();
  const user = process.getuid?.() === 0 ? (process.env.SVC_USER ?? 'nobody') : id('-un');
  return { user, group: id('-gn', user) };
}
