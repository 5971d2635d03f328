import { describe, expect, test } from 'vitest';
import { createLimits } from '../../../runtime/limits/limits.ts';
import { type Check, type CheckVerdict, ReplyError } from '../../../runtime/module.ts';
import { type FakeTargetOptions, fakeTarget, pipelineSession } from '../../kit/pipeline.ts';
import {
  deliver,
  destination,
  msgpipeline,
  pipeline,
  plan,
  reject,
  replaceRcpt,
  replaceSender,
  reroute,
  source,
  use,
} from '../../kit/plan.ts';
import { playScript, scriptLines } from '../../kit/session.ts';

const greeting = `
  S: 220 mx.maddy.test ESMTP Service Ready
  C: HELO client.test
  S: 250 2.0.0 Hello client.test
`;

/** Content that goes through unchanged but for the Received field. */
const content = `
  C: DATA
  S: 354 Go ahead. End your data with <CR><LF>.<CR><LF>
  C: Subject: s
  C:
  C: b
  C: .
`;

const received =
  'Received: from client.test (client.example.test [192.0.2.1]) by mx.example.test (envelope-sender <a@x.test>) with ESMTP id ID; DATE';

const mail = `C: MAIL FROM:<a@x.test>
  S: 250 2.0.0 Roger, accepting mail from <a@x.test>`;

function accepted(to: string): string {
  return `C: RCPT TO:<${to}>\nS: 250 2.0.0 I'll make sure <${to}> gets this`;
}

async function play(script: string, session: Awaited<ReturnType<typeof pipelineSession>>): Promise<void> {
  expect((await playScript(script, session.peer)).split('\n')).toEqual(scriptLines(script));
}

function refusal(code: number, enhanced: string, text: string): ReplyError {
  return new ReplyError({ code, enhanced, text });
}

const toBoxes = plan(
  pipeline(source(deliver(use('boxes')), { rules: [['gone@x.test', reject(550, '5.1.1', 'Gone')]] })),
);

describe('one message', () => {
  test.each([false, true])('accepted, with the log lines of maddy (answers come later: %s)', async (later) => {
    const happenings: string[] = [];
    const session = await pipelineSession(toBoxes, { targets: { boxes: fakeTarget('boxes', happenings, { later }) } });
    await play(
      `${greeting}
      ${mail}
      ${accepted('B@X.test')}
      C: RCPT TO:<gone@x.test>
      S: 550 5.1.1 Gone (msg ID = 00000001)
      ${content}
      S: 250 2.0.0 OK: queued`,
      session,
    );
    expect(happenings).toEqual([
      'boxes from <a@x.test>',
      'boxes to <B@x.test> for <B@X.test>',
      `boxes content [${received} | Subject: s] "b\\r\\n"`,
      'boxes committed',
    ]);
    expect(session.lines).toEqual([
      'smtp: incoming message\t{"msg_id":"00000001","sender":"a@x.test","src_host":"client.test","src_ip":"192.0.2.1:4711"}',
      'smtp: RCPT ok\t{"msg_id":"00000001","rcpt":"B@X.test"}',
      'smtp: RCPT error\t{"effective_rcpt":"gone@x.test","msg_id":"00000001","rcpt":"gone@x.test","reason":"reject directive used","smtp_code":550,"smtp_enchcode":"5.1.1","smtp_msg":"Gone"}',
      'smtp: accepted\t{"msg_id":"00000001"}',
    ]);
  });

  test('given up: what is open is aborted', async () => {
    const happenings: string[] = [];
    const session = await pipelineSession(toBoxes, { targets: { boxes: fakeTarget('boxes', happenings) } });
    await play(
      `${greeting}
      ${mail}
      ${accepted('b@x.test')}
      C: RSET
      S: 250 2.0.0 Session reset`,
      session,
    );
    expect(happenings.at(-1)).toBe('boxes aborted');
    expect(session.lines.at(-1)).toBe('smtp: aborted\t{"msg_id":"00000001"}');
  });

  test('debug lines tell the way', async () => {
    const session = await pipelineSession(toBoxes, { debug: true, targets: { boxes: fakeTarget('boxes', []) } });
    await play(
      `${greeting}
      ${mail}
      ${accepted('b@x.test')}`,
      session,
    );
    expect(session.lines.filter((line) => line.startsWith('[debug] ') && !line.startsWith('[debug] smtp'))).toEqual([
      '[debug] sender a@x.test matched by default rule\t{"msg_id":"00000001"}',
      '[debug] global rcpt modifiers: b@x.test => [b@x.test]\t{"msg_id":"00000001"}',
      '[debug] per-source rcpt modifiers: b@x.test => [b@x.test]\t{"msg_id":"00000001"}',
      '[debug] recipient b@x.test matched by default rule (clean = b@x.test)\t{"msg_id":"00000001"}',
      '[debug] per-rcpt modifiers: b@x.test => [b@x.test]\t{"msg_id":"00000001"}',
      '[debug] tgt.StartDelivery(a@x.test) ok, target = dummy:boxes\t{"msg_id":"00000001"}',
    ]);
  });
});

describe('targets', () => {
  test('one delivery per target and message, opened by its first recipient; a later target that refuses leaves the earlier one its recipient', async () => {
    const happenings: string[] = [];
    const given = plan(
      pipeline(source(deliver(use('one'), use('two')), { rules: [['only@x.test', deliver(use('one'))]] })),
    );
    const two = {
      recipient: (to: string) => {
        if (to.startsWith('bad')) throw refusal(550, '5.2.1', 'Full');
      },
    };
    const session = await pipelineSession(given, {
      targets: { one: fakeTarget('one', happenings), two: fakeTarget('two', happenings, two) },
    });
    await play(
      `${greeting}
      ${mail}
      ${accepted('only@x.test')}
      C: RCPT TO:<bad@x.test>
      S: 550 5.2.1 Full (msg ID = 00000001)
      ${content}
      S: 250 2.0.0 OK: queued`,
      session,
    );
    expect(happenings).toEqual([
      'one from <a@x.test>',
      'one to <only@x.test>',
      'one to <bad@x.test>',
      'two from <a@x.test>',
      `one content [${received} | Subject: s] "b\\r\\n"`,
      'one committed',
      'two aborted',
    ]);
  });

  test('a target that cannot be opened refuses the recipient; the next one tries again', async () => {
    let tries = 0;
    const start = (): void => {
      if (++tries === 1) throw refusal(450, '4.4.2', 'Network I/O error');
    };
    const session = await pipelineSession(toBoxes, { targets: { boxes: fakeTarget('boxes', [], { start }) } });
    await play(
      `${greeting}
      ${mail}
      C: RCPT TO:<b@x.test>
      S: 450 4.4.2 Network I/O error (msg ID = 00000001)
      ${accepted('c@x.test')}`,
      session,
    );
  });

  test('a fault of a target is temporary', async () => {
    const start = (): void => {
      throw new TypeError('undefined is not a function');
    };
    const session = await pipelineSession(toBoxes, { targets: { boxes: fakeTarget('boxes', [], { start }) } });
    await play(
      `${greeting}
      ${mail}
      C: RCPT TO:<b@x.test>
      S: 451 4.0.0 Internal server error (msg ID = 00000001)`,
      session,
    );
  });
});

describe('several recipients, one reply (D2)', () => {
  const statuses: Readonly<Record<string, ReplyError>> = {
    'full@x.test': refusal(552, '5.2.2', 'Quota exceeded'),
    'full2@x.test': refusal(552, '5.2.2', 'Quota exceeded'),
    'busy@x.test': refusal(451, '4.3.0', 'Try later'),
  };
  const status = (to: string): ReplyError | null => statuses[to] ?? null;

  test.each<[string, readonly string[], FakeTargetOptions, string]>([
    ['one recipient: the reply of the target', ['full'], { status }, '552 5.2.2 Quota exceeded (msg ID = 00000001)'],
    ['all failed alike: that reply', ['full', 'full2'], { status }, '552 5.2.2 Quota exceeded (msg ID = 00000001)'],
    [
      'one of two: it is named',
      ['ok', 'full'],
      { status },
      '552 5.2.2 <full@x.test>: 552 5.2.2 Quota exceeded (msg ID = 00000001)',
    ],
    [
      'mixed: temporary, and all are named',
      ['full', 'busy'],
      { status },
      '451 4.3.0 <full@x.test>: 552 5.2.2 Quota exceeded; <busy@x.test>: 451 4.3.0 Try later (msg ID = 00000001)',
    ],
    [
      'the whole content refused',
      ['ok', 'full'],
      {
        body: () => {
          throw refusal(554, '5.7.1', 'Spam');
        },
      },
      '554 5.7.1 Spam (msg ID = 00000001)',
    ],
    [
      'commit fails',
      ['ok'],
      {
        commit: () => {
          throw refusal(452, '4.3.1', 'Disk full');
        },
      },
      '452 4.3.1 Disk full (msg ID = 00000001)',
    ],
  ])('%s', async (_, recipients, options, reply) => {
    const session = await pipelineSession(toBoxes, { targets: { boxes: fakeTarget('boxes', [], options) } });
    const rcpts = recipients.map((name) => `${accepted(`${name}@x.test`)}\n`);
    await play(
      `${greeting}
      ${mail}
      ${rcpts.join('')}${content}
      S: ${reply}`,
      session,
    );
  });

  test('what fails at one target is given up at the others', async () => {
    const happenings: string[] = [];
    const session = await pipelineSession(plan(pipeline(source(deliver(use('boxes'), use('copy'))))), {
      targets: { boxes: fakeTarget('boxes', happenings, { status }), copy: fakeTarget('copy', happenings) },
    });
    await play(
      `${greeting}
      ${mail}
      ${accepted('busy@x.test')}
      ${content}
      S: 451 4.3.0 Try later (msg ID = 00000001)`,
      session,
    );
    expect(happenings.slice(-2)).toEqual([expect.stringMatching('^copy content'), 'copy aborted']);
  });
});

test('LMTP: a reply for each recipient, in the order of RCPT, without trace fields (D14, D33)', async () => {
  const happenings: string[] = [];
  const status = (to: string): ReplyError | null =>
    to.startsWith('bad') ? refusal(550, '5.2.1', 'Mailbox disabled') : null;
  const given = plan(
    pipeline(source(deliver(use('boxes'))), { modifiers: [replaceRcpt({ alias: ['bad'], list: ['one', 'bad2'] })] }),
  );
  const session = await pipelineSession(given, {
    protocol: 'lmtp',
    targets: { boxes: fakeTarget('boxes', happenings, { status }) },
  });
  await play(
    `S: 220 mx.maddy.test LMTP Service Ready
    C: LHLO client.test
    S: 250-Hello client.test
    S: 250-PIPELINING
    S: 250-8BITMIME
    S: 250-ENHANCEDSTATUSCODES
    S: 250-CHUNKING
    S: 250-SMTPUTF8
    S: 250-SIZE 33554432
    S: 250 LIMITS RCPTMAX=20000
    C: MAIL FROM:<a@x.test>
    C: RCPT TO:<Ann@X.test>
    C: RCPT TO:<Alias@X.test>
    C: RCPT TO:<Ann@X.test>
    C: RCPT TO:<list@x.test>
    S: 250 2.0.0 Roger, accepting mail from <a@x.test>
    S: 250 2.0.0 I'll make sure <Ann@X.test> gets this
    S: 250 2.0.0 I'll make sure <Alias@X.test> gets this
    S: 250 2.0.0 I'll make sure <Ann@X.test> gets this
    S: 250 2.0.0 I'll make sure <list@x.test> gets this
    ${content}
    S: 250 2.0.0 <Ann@X.test> OK: queued
    S: 550 5.2.1 <Alias@X.test> Mailbox disabled (msg ID = 00000001)
    S: 250 2.0.0 <Ann@X.test> OK: queued
    S: 550 5.2.1 <list@x.test> Mailbox disabled (msg ID = 00000001)`,
    session,
  );
  expect(happenings.filter((line) => line.includes('content'))).toEqual(['boxes content [Subject: s] "b\\r\\n"']);
  expect(happenings.at(-1)).toBe('boxes committed');
});

describe('nested pipelines', () => {
  test('routes, rewrites and refuses on; nothing is added twice', async () => {
    const happenings: string[] = [];
    const inner = pipeline(source(deliver(use('boxes')), { rules: [['no@y.test', reject(550, '5.1.1', 'Inner')]] }), {
      modifiers: [replaceRcpt({ info: ['ann@y.test', 'bob@y.test'] }), replaceSender({ a: ['list@y.test'] })],
    });
    const given = plan(pipeline(source(deliver(use('inner'), use('boxes')), { rules: [['y.test', reroute(inner)]] })), {
      inner: msgpipeline('inner', inner),
    });
    const session = await pipelineSession(given, { targets: { boxes: fakeTarget('boxes', happenings) } });
    await play(
      `${greeting}
      ${mail}
      ${accepted('info@x.test')}
      C: RCPT TO:<no@y.test>
      S: 550 5.1.1 Inner (msg ID = 00000001)
      ${content}
      S: 250 2.0.0 OK: queued`,
      session,
    );
    expect(happenings).toEqual([
      'boxes from <list@y.test>',
      'boxes to <ann@y.test> for <info@x.test>',
      'boxes to <bob@y.test> for <info@x.test>',
      'boxes#2 from <a@x.test>',
      'boxes#2 to <info@x.test>',
      `boxes content [${received} | Subject: s] "b\\r\\n"`,
      `boxes#2 content [${received} | Subject: s] "b\\r\\n"`,
      'boxes committed',
      'boxes#2 committed',
    ]);
  });
});

describe('checks', () => {
  /** Writes what it is asked and answers as told. */
  function recording(name: string, asked: string[], verdicts: Readonly<Record<string, CheckVerdict>> = {}): Check {
    const tell = (question: string): Promise<CheckVerdict> => {
      asked.push(`${name} ${question}`);
      return Promise.resolve(verdicts[question] ?? { kind: 'pass' });
    };
    return {
      start: () => ({
        connection: () => tell('connection'),
        sender: (from) => tell(`sender ${from}`),
        recipient: (to) => tell(`recipient ${to}`),
        body: () => tell('body'),
      }),
    };
  }

  const reject550 = {
    kind: 'reject',
    reply: { code: 550, enhanced: '5.7.1', text: 'Bad' },
    reason: 'found bad',
  } as const;
  const quarantine = { ...reject550, kind: 'quarantine' } as const;

  test('run once per stage, in order; a check of a destination block hears what came before', async () => {
    const asked: string[] = [];
    const checks = { both: recording('both', asked), late: recording('late', asked) };
    const block = destination(deliver(use('boxes')).actions, { checks: [use('both'), use('late')] });
    const given = plan(
      pipeline(source(deliver(use('boxes')), { rules: [['late@x.test', block]] }), { checks: [use('both')] }),
    );
    const session = await pipelineSession(given, { checks, targets: { boxes: fakeTarget('boxes', []) } });
    await play(
      `${greeting}
      ${mail}
      ${accepted('one@x.test')}
      ${accepted('late@x.test')}
      ${content}
      S: 250 2.0.0 OK: queued`,
      session,
    );
    expect(asked).toEqual([
      'both connection',
      'both sender a@x.test',
      'both recipient one@x.test',
      'both recipient late@x.test',
      'late connection',
      'late sender a@x.test',
      'late recipient one@x.test',
      'late recipient late@x.test',
      'both body',
      'late body',
    ]);
  });

  test('quarantine is logged, marks the message and leaves no header; results and fields go on top', async () => {
    const happenings: string[] = [];
    const checks = {
      q: recording('q', [], { 'sender a@x.test': quarantine }),
      r: recording('r', [], {
        body: {
          kind: 'pass',
          authResult: 'spf=pass',
          header: [
            ['X-One', '1'],
            ['X-Two', '2'],
          ],
        },
        connection: { ...reject550, kind: 'ignore' },
      }),
    };
    const given = plan(pipeline(source(deliver(use('boxes'))), { checks: [use('q'), use('r')] }));
    const session = await pipelineSession(given, { checks, targets: { boxes: fakeTarget('boxes', happenings) } });
    await play(
      `${greeting}
      ${mail}
      ${accepted('b@x.test')}
      ${content}
      S: 250 2.0.0 OK: queued`,
      session,
    );
    expect(happenings.at(-2)).toBe(
      `boxes content (quarantined) [X-One: 1 | X-Two: 2 | Authentication-Results: mx.example.test; spf=pass | ${received} | Subject: s] "b\\r\\n"`,
    );
    const fields =
      '{"check":"dummy","msg_id":"00000001","reason":"found bad","smtp_code":550,"smtp_enchcode":"5.7.1","smtp_msg":"Bad"}';
    expect(session.lines).toContain(`quarantined\t${fields}`);
    expect(session.lines).toContain(`no check action\t${fields}`);
  });

  test.each([
    [
      'connection',
      true,
      'S: 250 2.0.0 Roger, accepting mail from <a@x.test>\nC: RCPT TO:<b@x.test>\nS: 550 5.7.1 Bad (msg ID = 00000001)',
    ],
    ['sender a@x.test', false, 'S: 550 5.7.1 Bad (msg ID = 00000001)'],
    [
      'recipient b@x.test',
      true,
      'S: 250 2.0.0 Roger, accepting mail from <a@x.test>\nC: RCPT TO:<b@x.test>\nS: 550 5.7.1 Bad (msg ID = 00000001)',
    ],
    [
      'body',
      true,
      `S: 250 2.0.0 Roger, accepting mail from <a@x.test>\nC: RCPT TO:<b@x.test>\nS: 250 2.0.0 I'll make sure <b@x.test> gets this\n${content}S: 550 5.7.1 Bad (msg ID = 00000001)`,
    ],
  ])('refuse at their stage: %s', async (question, deferSenderReject, conversation) => {
    const checks = { c: recording('c', [], { [question]: reject550 }) };
    const given = plan(pipeline(source(deliver(use('boxes'))), { checks: [use('c')] }));
    const happenings: string[] = [];
    const targets = { boxes: fakeTarget('boxes', happenings) };
    const session = await pipelineSession(given, { checks, targets, deferSenderReject });
    await play(`${greeting}C: MAIL FROM:<a@x.test>\n${conversation}`, session);
    if (question === 'body') expect(happenings.at(-1)).toBe('boxes aborted');
  });

  test('a check that fails to run is temporary (D1)', async () => {
    const broken: Check = {
      start: () => ({
        sender: () => {
          throw new Error('no connection');
        },
      }),
    };
    const given = plan(pipeline(source(deliver(use('boxes'))), { checks: [use('c')] }));
    const session = await pipelineSession(given, {
      checks: { c: broken },
      targets: { boxes: fakeTarget('boxes', []) },
    });
    await play(
      `${greeting}
      ${mail}
      C: RCPT TO:<b@x.test>
      S: 451 4.7.0 Check failed to run (msg ID = 00000001)`,
      session,
    );
  });
});

describe('senders that are refused', () => {
  test.each([
    ['ü@x.test', '550 5.6.7 SMTPUTF8 is required for non-ASCII senders'],
    ['a@xn--0.test', '553 5.1.7 Unable to normalize the sender address'],
  ])('%s: without a message id', async (from, reply) => {
    const session = await pipelineSession(toBoxes, {
      deferSenderReject: false,
      targets: { boxes: fakeTarget('boxes', []) },
    });
    await play(`${greeting}C: MAIL FROM:<${from}>\nS: ${reply}`, session);
  });

  test('a message gives back what it took of the limits', async () => {
    const concurrency = createLimits({ all: [{ kind: 'concurrency', max: 1 }], ip: [], source: [], destination: [] });
    const session = await pipelineSession(toBoxes, {
      limits: concurrency,
      targets: { boxes: fakeTarget('boxes', []) },
    });
    const message = `C: MAIL FROM:<a@x.test>
      S: 250 2.0.0 Roger, accepting mail from <a@x.test>
      ${accepted('b@x.test')}
      C: RSET
      S: 250 2.0.0 Session reset\n`;
    await play(`${greeting}${message}${message}`, session);
  });
});
