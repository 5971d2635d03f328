import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../kit/free-port.ts';
import { runCli } from '../kit/io.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { describeWithServices, type Service, startService } from '../kit/services.ts';
import { WireClient } from '../kit/wire-client.ts';

/** As it stands in a file: the password comes from the environment. */
const configuration = (ports: readonly [number, number], place: string, directory: string) => `hostname mx.example.org
state_dir ${directory}/state
runtime_dir ${directory}/run
tls off
auth.pass_table local_authdb {
    table sql_table {
        driver mysql
        dsn "maddy:{env:DB_PASSWORD}@${place}/test?timeout=2s"
        table_name passwords
    }
}
table.sql_query aliases {
    driver mysql
    dsn "maddy:{env:DB_PASSWORD}@${place}/test?timeout=2s"
    init "CREATE TABLE IF NOT EXISTS aliases (source VARCHAR(200), target VARCHAR(200), PRIMARY KEY (source, target))" \\
        "REPLACE INTO aliases VALUES ('team@example.org', 'bob@example.org'), ('team@example.org', 'eve@example.org')"
    lookup "SELECT target FROM aliases WHERE source = ? ORDER BY target"
}
target.maildir boxes {
    path ${directory}/boxes/{address}
}
smtp tcp://127.0.0.1:${ports[1]} {
    modify {
        replace_rcpt &aliases
    }
    deliver_to &boxes
}
submission tcp://127.0.0.1:${ports[0]} {
    insecure_auth yes
    auth &local_authdb
    modify {
        replace_rcpt &aliases
    }
    deliver_to &boxes
}
`;

describeWithServices('accounts and aliases in MariaDB', ['mariadb'], () => {
  let service: Service;
  let directory: string;
  let ports: readonly [number, number];
  let config: string;
  let server: ServerProcess | undefined;
  let env: Record<string, string>;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mc-e2e-'));
    service = await startService('mariadb');
    ports = [await freePort(), await freePort()];
    config = join(directory, 'maddy.conf');
    const place = `tcp(127.0.0.1:${service.env.MARIADB_PORT})`;
    await writeFile(config, configuration(ports, place, directory));
    env = { DB_PASSWORD: service.env.MARIADB_PASSWORD ?? '' };
  });
  afterAll(async () => {
    await server?.stop();
    await service?.dispose();
    await rm(directory, { recursive: true, force: true });
  });

  const creds = (...args: readonly string[]) => runCli(['-config', config, 'creds', ...args], { cwd: directory, env });
  const plain = Buffer.from('\0ann@example.org\0pw').toString('base64');

  /** The last reply: what became of the message. */
  async function send(port: number, ...login: readonly string[]): Promise<string> {
    const client = await WireClient.connect(port);
    await client.reply();
    let reply = await client.say('EHLO client.test');
    for (const command of [
      ...login,
      'MAIL FROM:<ann@example.org>',
      'RCPT TO:<team@example.org>',
      'DATA',
      'From: <ann@example.org>\r\n\r\nHello.\r\n.',
    ]) {
      if (!/^[23]/.test(reply)) break;
      reply = await client.say(command);
    }
    client.destroy();
    return reply;
  }
  const submit = () => send(ports[0], `AUTH PLAIN ${plain}`);
  const receive = () => send(ports[1]);

  async function messages(): Promise<readonly string[]> {
    const boxes = await readdir(join(directory, 'boxes'));
    const each = boxes.map(async (box) => (await readdir(join(directory, 'boxes', box, 'new'))).map(() => box));
    return (await Promise.all(each)).flat().sort();
  }

  it('serve mail, fail for a while when the database is gone, and serve on when it is back', async () => {
    expect(await runCli(['check', config], { cwd: directory, env })).toMatchObject({ code: 0 });
    expect(await creds('create', '-p', 'pw', 'ann@example.org')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await creds('create', '-p', 'pw', 'ann@example.org')).toMatchObject({ code: 1 });
    expect(await creds('list')).toMatchObject({ code: 0, stdout: 'ann@example.org\n' });

    server = ServerProcess.launch(['-config', config, 'run'], { env });
    await server.logged(/^server started\t/m);
    expect(await submit()).toBe('250 2.0.0 OK: queued');
    expect(await messages()).toEqual(['bob@example.org', 'eve@example.org']);
    const { MARIADB_PORT = '' } = service.env;
    await service.stop();
    expect(await submit()).toBe('454 4.7.0 Temporary authentication failure');
    expect(await receive()).toMatch(/^451 4/);
    await service.start({ MARIADB_PORT });
    expect(await submit()).toBe('250 2.0.0 OK: queued');
    expect(await receive()).toBe('250 2.0.0 OK: queued');
    expect(await messages()).toHaveLength(6);
    expect(await server.stop()).toBe(0);
    expect(server.log).not.toContain(env.DB_PASSWORD);
  });
});
