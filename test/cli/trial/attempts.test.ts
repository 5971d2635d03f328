import { expect, test } from 'vitest';
import { type Attempt, attempts } from '../../../cli/trial/attempts.ts';
import type { TrialEndpoint } from '../../../cli/trial/trial-report.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { planOf } from '../../kit/compile.ts';

const samples = { fromStranger: '/trial/from-friend.eml', fromAccount: '/trial/my mail.eml' };
const account = { user: 'trial@example.org', password: 'secret' };

function tried(text: string, files: Readonly<Record<string, string>> = {}): readonly Attempt[] {
  const host = createMemoryHost({ files: new Map(Object.entries({ 'maddy.conf': text, ...files })), env: new Map() });
  const plan = planOf('maddy.conf', host);
  const endpoints = plan.endpoints.flatMap(({ module, addresses }) =>
    addresses.map(
      (address): TrialEndpoint => ({
        name: module,
        configured: address,
        listens: address.replace('unix://', 'unix:///trial/run/'),
        tls: address.startsWith('tls:') ? 'implicit' : 'none',
      }),
    ),
  );
  return attempts({ plan, host, account, endpoints, samples });
}

const start = 'hostname mx.example.org\ntls off\nstate_dir /srv\n';

test('mail goes to whom a table knows', () => {
  const text = `${start}smtp tcp://127.0.0.1:10025 {
    destination_in file /srv/people {
        deliver_to dummy
    }
    default_destination {
        reject 550 5.1.1 "Nobody"
    }
}
`;
  expect(tried(text, { '/srv/people': 'ann@example.org: ann\n' }).map(({ command }) => command)).toEqual([
    'curl smtp://127.0.0.1:10025/mx.example.net --mail-from friend@example.net --mail-rcpt ann@example.org --upload-file /trial/from-friend.eml',
  ]);
  expect(tried(text)).toMatchObject([{ refusal: '550 5.1.1 Nobody (maddy.conf:9)' }]);
});

test('a relay is tried with mail for somebody elsewhere', () => {
  const made = tried(`${start}smtp tcp://127.0.0.1:10025 {
    deliver_to dummy
}
`);
  expect(made.map(({ says }) => says)).toEqual(['smtp: mail from another server', 'smtp: mail for somebody elsewhere']);
});

test('who logs in writes to himself and to others; words are quoted for the shell', () => {
  const made = tried(`hostname mx.example.org
tls self_signed
submission tls://127.0.0.1:10465 {
    auth dummy
    deliver_to dummy
}
`);
  expect(made.map(({ command }) => command)).toEqual([
    "curl -k smtps://127.0.0.1:10465/laptop --user trial@example.org:secret --mail-from trial@example.org --mail-rcpt trial@example.org --upload-file '/trial/my mail.eml'",
    "curl -k smtps://127.0.0.1:10465/laptop --user trial@example.org:secret --mail-from trial@example.org --mail-rcpt friend@example.net --upload-file '/trial/my mail.eml'",
  ]);
});

test('sockets and LMTP are for swaks, figures for curl', () => {
  const made = tried(`${start}lmtp unix://lmtp.sock {
    deliver_to dummy
}
openmetrics tcp://127.0.0.1:19749 unix://figures.sock { }
`);
  expect(made.map(({ command }) => command)).toEqual([
    'swaks --protocol LMTP --socket /trial/run/lmtp.sock --from friend@example.net --to trial@example.org --data @/trial/from-friend.eml',
    'curl http://127.0.0.1:19749/metrics',
    'curl --unix-socket /trial/run/figures.sock http://localhost/metrics',
  ]);
});

test('what only the account of the trial may not do is told as that', () => {
  const made = tried(`hostname mx.example.org
tls self_signed
submission tls://127.0.0.1:10465 {
    auth dummy
    check {
        authorize_sender {
            user_to_email static {
                entry ann@example.org ann@example.org
            }
        }
    }
    deliver_to dummy
}
`);
  expect(made[0]).toMatchObject({
    refusal: '553 5.7.0 Unauthorized use of sender address (maddy.conf:6)',
    because: expect.stringMatching(/^trial@example\.org is an account of the trial alone/),
  });
});
