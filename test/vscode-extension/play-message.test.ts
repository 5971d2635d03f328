import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { playMessage } from '../../vscode-extension/src/session/play-message.ts';
import type { TestMessage } from '../../vscode-extension/views/view-messages.ts';

const folder = mkdtempSync(join(tmpdir(), 'maddyc-send-'));
afterAll(() => rmSync(folder, { recursive: true }));

const configuration = `hostname mx.example.org
tls self_signed
target.lmtp boxes {
    targets tcp://127.0.0.1:24
}
table.static senders {
    entry ann@example.org ann@example.org
}
auth.pass_table accounts {
    table static {
        entry ann@example.org bcrypt:x
    }
}
smtp tcp://127.0.0.1:2525 {
    check {
        require_mx_record {
            fail_action reject
        }
    }
    source example.org {
        reject 501 5.1.8 "Users send through submission"
    }
    default_source {
        destination example.org {
            deliver_to &boxes
        }
        default_destination {
            reject 550 5.1.1 "User does not exist"
        }
    }
}
submission tcp://127.0.0.1:2587 {
    auth &accounts
    check {
        authorize_sender {
            user_to_email &senders
        }
    }
    deliver_to &boxes
}
lmtp tcp://127.0.0.1:2424 {
    destination example.org {
        deliver_to &boxes
    }
    default_destination {
        reject 450 4.2.1 "Not now"
    }
}
`;
const plan = join(folder, 'maddy.conf');
writeFileSync(plan, configuration);

const usual: TestMessage = {
  ...{ from: 'somebody@example.net', to: ['ann@example.org'], endpoint: null, auth: null, ip: null, checks: {} },
  ...{ subject: 'A test', body: 'Hello!\n' },
};

async function play(message: Partial<TestMessage>, path = plan) {
  const { outcomes, lines } = await playMessage({
    program: { command: process.execPath, args: [join(import.meta.dirname, '../../cli/entry.ts')], env: {} },
    ...{ plan: path, folder },
    message: { ...usual, ...message },
    protocol: message.endpoint?.split(' ')[0] ?? 'smtp',
  });
  const by = (who: string) => lines.flatMap(({ by, text }) => (by === who ? [text] : []));
  return { outcomes, client: by('client'), server: by('server'), reasons: by('reason') };
}

test('a message is taken: the outcome says where it goes', async () => {
  const { outcomes, client, reasons } = await play({});
  expect(outcomes).toEqual([
    { to: 'ann@example.org', code: 250, kind: 'accepted', words: ['to &boxes (target.lmtp) as ann@example.org'] },
  ]);
  expect(client).toContain('RCPT TO:<ann@example.org>');
  expect(client.at(-1)).toBe('QUIT');
  expect(reasons.some((line) => line.includes('deliver_to &boxes'))).toBe(true);
  expect(reasons).toContain('assumed: require_mx_record passes');
});

test('each recipient has its own outcome, and the others get the message', async () => {
  const { outcomes, client } = await play({ to: ['ann@example.org', 'bob@else.example'] });
  expect(outcomes.map(({ to, code, kind }) => [to, code, kind])).toEqual([
    ['ann@example.org', 250, 'accepted'],
    ['bob@else.example', 550, 'refused'],
  ]);
  expect(outcomes[1]?.words).toEqual(['5.1.1 User does not exist (the answer to RCPT)']);
  expect(client).toContain('DATA');
});

test('where nobody is left there is no DATA', async () => {
  const { outcomes, client } = await play({ to: ['bob@else.example'] });
  expect(outcomes).toMatchObject([{ kind: 'refused', code: 550 }]);
  expect(client).not.toContain('DATA');
  expect(client.at(-1)).toBe('QUIT');
});

test('a refused sender is the outcome of all', async () => {
  const { outcomes } = await play({ from: 'ann@example.org', to: ['ann@example.org', 'bob@example.org'] });
  // As maddy does, at the first RCPT.
  const words = ['5.1.8 Users send through submission (the answer to RCPT)'];
  expect(outcomes).toMatchObject([
    { code: 501, words },
    { code: 501, words },
  ]);
});

test('what a check says is told to the server', async () => {
  const { outcomes } = await play({ checks: { require_mx_record: 'fail' } });
  expect(outcomes).toMatchObject([{ kind: 'refused', code: 550 }]);
});

test('a user logs in, after STARTTLS where it is offered', async () => {
  const endpoint = 'submission tcp://127.0.0.1:2587';
  const { outcomes, client } = await play({ endpoint, from: 'ann@example.org', auth: 'ann@example.org' });
  expect(client.slice(0, 3)).toEqual(['EHLO client.example.net', 'STARTTLS', 'EHLO client.example.net']);
  expect(client[3]).toMatch(/^AUTH PLAIN /);
  expect(outcomes).toMatchObject([{ kind: 'accepted', code: 250 }]);
  const stranger = await play({ endpoint, from: 'else@example.org', auth: 'ann@example.org' });
  expect(stranger.outcomes).toMatchObject([{ kind: 'refused', code: 553 }]);
  const nobody = await play({ endpoint, from: 'ann@example.org' });
  expect(nobody.outcomes).toMatchObject([
    { kind: 'refused', words: [expect.stringContaining('(the answer to MAIL)')] },
  ]);
});

test('LMTP gives a reply to each recipient at the end', async () => {
  const endpoint = 'lmtp tcp://127.0.0.1:2424';
  const { outcomes, client, server } = await play({
    endpoint,
    to: ['ann@example.org', 'x@else.example', 'bob@example.org'],
  });
  expect(client[0]).toBe('LHLO client.example.net');
  expect(outcomes.map(({ code, kind }) => [code, kind])).toEqual([
    [250, 'accepted'],
    [450, 'deferred'],
    [250, 'accepted'],
  ]);
  expect(server.filter((line) => line.startsWith('250') && /ann|bob/.test(line)).length).toBeGreaterThanOrEqual(2);
});

test('the text arrives as it was typed, whatever its lines begin with', async () => {
  const { outcomes, client } = await play({ subject: 'Grüße an alle', body: 'one\n.\n..two\r\nQUIT\n' });
  expect(outcomes).toMatchObject([{ kind: 'accepted' }]);
  expect(client).toContain('..');
  expect(client).toContain('...two');
  expect(client).toContain('Subject: =?utf-8?B?R3LDvMOfZSBhbiBhbGxl?=');
});

test('what is wrong with the configuration is the message', async () => {
  writeFileSync(join(folder, 'broken.conf'), 'smtp tcp://127.0.0.1:25 {\n    wrong\n}\n');
  await expect(play({}, join(folder, 'broken.conf'))).rejects.toThrow(/"?wrong"?/);
  await expect(play({}, join(folder, 'nowhere.conf'))).rejects.toThrow(/nowhere\.conf/);
});

test('a program that cannot be started is an error, not a wait', async () => {
  const program = { command: join(folder, 'no-such-program'), args: [], env: {} };
  await expect(playMessage({ program, plan, folder, message: usual, protocol: 'smtp' })).rejects.toThrow(/ENOENT/);
});
