import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ExternalProgram, findProgram } from '../../../../runtime/modules/check/external-program.ts';
import { type Mail, ServerWithMaildir } from '../../../kit/mail-server.ts';

let server: ServerWithMaildir | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
});

/** Runs a shell script as the check of one message. */
async function run(script: string, args: string, directives: string, mail: Mail = {}) {
  server = await ServerWithMaildir.start(
    `check {\n command ./check.sh ${args} {\n ${directives}\n }\n }`,
    {},
    (stateDir) => {
      writeFileSync(join(stateDir, 'check.sh'), `#!/bin/sh\n${script}\n`);
      chmodSync(join(stateDir, 'check.sh'), 0o755);
    },
  );
  const reply = (await server.send(mail)).replace(/[0-9a-f]{8}\)/, 'ID)');
  const written = (name: string): string => readFileSync(join(server?.directory ?? '', 'state', name), 'utf8');
  return { reply, written, delivered: () => server?.delivered() };
}

describe('what the exit code means', () => {
  it.each([
    ['exit 0', '', '250 2.0.0 OK: queued'],
    ['exit 1', '', '550 5.7.1 Message rejected for due to a local policy (msg ID = ID)'],
    ['exit 2', '', '250 2.0.0 OK: queued'],
    ['exit 12', 'code 12 reject 554 5.6.6 "custom text"', '554 5.6.6 custom text (msg ID = ID)'],
    ['exit 1', 'code 1 ignore', '250 2.0.0 OK: queued'],
    ['exit 3', '', '451 4.7.0 Check failed to run (msg ID = ID)'],
    ['printf "\\n"', '', '250 2.0.0 OK: queued'],
    ['printf "\\r\\nno field\\n"', '', '250 2.0.0 OK: queued'],
    ['kill -9 $$', '', '451 4.7.0 Check failed to run (msg ID = ID)'],
    ['echo "no field"', '', '451 4.7.0 Check failed to run (msg ID = ID)'],
  ])('%s', async (script, directives, expected) => {
    expect((await run(script, '', directives)).reply).toBe(expected);
  });
});

it('gets the message as it came, and adds the fields that it writes', async () => {
  const { reply, written, delivered } = await run(
    'cat > seen; printf "X-One: 1\\nX-Two: two\\n\\tlines\\n\\nnot this"',
    '',
    '',
    { lines: ['Subject: s', '', 'Hello.', '..dot'] },
  );
  expect(reply).toBe('250 2.0.0 OK: queued');
  expect(written('seen')).toBe('Subject: s\r\n\r\nHello.\r\n.dot\r\n');
  expect(delivered()).toEqual(['X-One: 1', 'X-Two: two\tlines', 'Subject: s']);
});

it('fills in what is known, once', async () => {
  const { written } = await run(
    'printf "%s|" "$@" > args',
    '"{sender}" "{rcpts}" "{address}" "{source_ip}" "{source_host}" "{unknown}" "{auth_user}"',
    'run_on rcpt',
    { from: '{rcpts}@x.test', helo: 'client.test' },
  );
  expect(written('args')).toBe('{rcpts}@x.test|b@y.test|b@y.test|127.0.0.1|client.test|{unknown}||');
});

it('does not wait for a program that closes its input', async () => {
  const lines = ['Subject: s', '', ...Array.from({ length: 20_000 }, () => 'x'.repeat(70))];
  expect((await run('exec 0<&-; exit 0', '', '', { lines })).reply).toBe('250 2.0.0 OK: queued');
});

describe('a program', () => {
  it('is ended with all that it has started', async () => {
    const shell = new ExternalProgram(findProgram('sh', '/'), '/', 100);
    await expect(shell.run(['-c', 'sleep 60 & sleep 60'], [])).rejects.toThrow(/did not end in 0\.1 s$/);
  });

  it('may not write without end', async () => {
    const shell = new ExternalProgram(findProgram('sh', '/'), '/', 60_000);
    await expect(shell.run(['-c', 'yes'], [])).rejects.toThrow('wrote more than 1048576 bytes');
  });

  it('is missed in words that maddy uses', () => {
    expect(() => findProgram('no-such-program', '/')).toThrow(
      'exec: "no-such-program": executable file not found in $PATH',
    );
    expect(() => findProgram('/no/such', '/')).toThrow('exec: "/no/such": stat /no/such: no such file or directory');
  });
});
