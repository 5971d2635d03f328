import { describe, expect, test } from 'vitest';
import { comparable, told } from '../kit/route-and-run.ts';
import type { RecordedCase, RecordedEnvelope, RecordedRow } from '../kit/routes.ts';
import { servedCase } from '../kit/served-case.ts';

/** Where `maddyc route` and the server could part: replies as the wire shows them, rewritten addresses, exit codes of programs. */

const delivered = (to: string, recipient: string, via: readonly (string | null)[] = []): RecordedRow => ({
  to,
  outcome: 'delivered',
  deliveries: [{ target: 'target.lmtp', name: 'mailboxes', recipient, via }],
  stage: null,
  reply: null,
});

const refused = (
  to: string,
  stage: 'mail' | 'rcpt' | 'data',
  code: number,
  enhanced: string,
  text: string,
): RecordedRow => ({
  to,
  outcome: code < 500 ? 'deferred' : 'rejected',
  deliveries: [],
  stage,
  reply: { code, enhanced, text },
});

const mail = (rest: Pick<RecordedEnvelope, 'to' | 'expect'> & Partial<RecordedEnvelope>): RecordedEnvelope => ({
  endpoint: 'smtp',
  ip: '127.0.0.1',
  auth: null,
  from: 'a@else.test',
  ...rest,
});

const configuration = (pipeline: string): string => `hostname mx.maddy.test
tls off
target.lmtp mailboxes {
    targets tcp://127.0.0.1:{port:mailboxes}
}
smtp tcp://127.0.0.1:{port:smtp} {
${pipeline}
}
`;

const program = (settings: string): string =>
  configuration(`    check {
        command /bin/false {
            ${settings}
        }
    }
    source moved.test {
        check {
            require_tls
        }
        deliver_to &mailboxes
    }
    default_source {
        deliver_to &mailboxes
    }`);

const fails = { check: ['command=fail', 'require_tls=fail'] };
const sinks: RecordedCase['sinks'] = {
  mailboxes: { proto: 'lmtp', target: 'target.lmtp', name: 'mailboxes', via: [] },
};

const cases: readonly RecordedCase[] = [
  {
    name: 'a reply whose codes are at odds',
    about: 'The class of the enhanced code is that of the reply (D7); other than ASCII needs SMTPUTF8.',
    config: configuration(`    destination here.test {
        reject 550 4.1.1 "déménagé"
    }
    default_destination {
        deliver_to &mailboxes
    }`),
    sinks,
    envelopes: [
      mail({ to: ['b@here.test'], expect: [refused('b@here.test', 'rcpt', 550, '5.1.1', 'd?m?nag?')] }),
      mail({
        to: ['b@here.test'],
        smtputf8: true,
        expect: [refused('b@here.test', 'rcpt', 550, '5.1.1', 'déménagé')],
      }),
    ],
  },
  {
    name: 'aliases that only SMTPUTF8 can carry',
    about: 'It is asked for when the first recipient needs it; MAIL cannot be said again for a later one (D12).',
    config: configuration(`    modify {
        replace_rcpt static {
            entry müller@here.test other@here.test
            entry m@here.test müller@here.test
            entry n@here.test n@müller.test
        }
    }
    deliver_to &mailboxes`),
    sinks,
    envelopes: [
      mail({ to: ['m@here.test'], expect: [delivered('m@here.test', 'müller@here.test')] }),
      mail({
        to: ['m@here.test', 'b@here.test'],
        expect: [delivered('m@here.test', 'müller@here.test'), delivered('b@here.test', 'b@here.test')],
      }),
      mail({
        to: ['n@here.test', 'm@here.test'],
        expect: [
          delivered('n@here.test', 'n@müller.test'),
          refused('m@here.test', 'rcpt', 553, '5.6.7', 'SMTPUTF8 is unsupported, cannot convert recipient address'),
        ],
      }),
    ],
  },
  {
    name: 'addresses as a session reads them',
    about: 'Quotes without need and source routes go; what is no address is told before what is wrong with the sender.',
    config: configuration(`    source bad.test {
        check {
            require_tls
        }
        deliver_to &mailboxes
    }
    default_source {
        destination ann@here.test postmaster {
            deliver_to &mailboxes
        }
        default_destination {
            reject 550 5.1.1 "nobody"
        }
    }`),
    sinks,
    envelopes: [
      mail({ to: ['"ann"@here.test'], expect: [delivered('"ann"@here.test', 'ann@here.test')] }),
      mail({ to: ['"postmaster"'], expect: [delivered('"postmaster"', 'postmaster@mx.maddy.test')] }),
      mail({
        to: ['@a.test,@b.test:ann@here.test'],
        expect: [delivered('@a.test,@b.test:ann@here.test', 'ann@here.test')],
      }),
      mail({
        from: 'x@bad.test',
        to: ['ann@here.test', '@here.test'],
        static: { check: ['require_tls=fail'] },
        expect: [
          refused('ann@here.test', 'rcpt', 550, '5.7.1', 'TLS conversation required'),
          refused('@here.test', 'rcpt', 501, '5.5.2', 'Was expecting RCPT arg syntax of TO:<address>'),
        ],
      }),
    ],
  },
  {
    name: 'a program whose exit code has an action',
    about: 'The last one for an exit code holds.',
    config: program('run_on sender\n            code 1 ignore\n            code 1 reject 451 4.3.9 "try later"'),
    sinks,
    envelopes: [
      mail({ to: ['b@here.test'], static: fails, expect: [refused('b@here.test', 'rcpt', 451, '4.3.9', 'try later')] }),
    ],
  },
  {
    name: 'a program whose exit code is ignored',
    about: 'Nothing is refused.',
    config: program('run_on body\n            code 1 ignore'),
    sinks,
    envelopes: [mail({ to: ['b@here.test'], static: fails, expect: [delivered('b@here.test', 'b@here.test')] })],
  },
  {
    name: 'a program that looks at recipients',
    about: 'Whatever refuses the sender comes first.',
    config: program('run_on rcpt\n            code 1 reject 550 5.7.3 "not you"').replace(
      'smtp tcp://127.0.0.1:{port:smtp} {',
      'smtp tcp://127.0.0.1:{port:smtp} {\n    defer_sender_reject no',
    ),
    sinks,
    envelopes: [
      mail({ to: ['b@here.test'], static: fails, expect: [refused('b@here.test', 'rcpt', 550, '5.7.3', 'not you')] }),
      mail({
        from: 'a@moved.test',
        to: ['b@here.test'],
        static: fails,
        expect: [refused('b@here.test', 'mail', 550, '5.7.1', 'TLS conversation required')],
      }),
    ],
  },
];

describe.each(cases)('$name', (own) => {
  const { live, plan } = servedCase(own);

  test.each(own.envelopes)('from <$from> to $to', async (envelope) => {
    const done = await live.send(envelope);
    expect(done.answers).toEqual(expectedAnswers(envelope));
    expect(told(plan(), live, envelope)).toEqual(comparable(done, envelope));
  });
});

function expectedAnswers({ expect: rows }: RecordedEnvelope): unknown {
  return rows.map(({ to, outcome, stage, reply }) => ({
    to,
    outcome,
    stage,
    reply: reply === null ? null : `${reply.code} ${reply.enhanced} ${reply.text}`,
  }));
}
