import { describe, expect, test } from 'vitest';
import type { PlanModule } from '../../../compiler/plan/plan.ts';
import type { ReplyError } from '../../../runtime/module.ts';
import { type FakeTargetOptions, fakeTarget, pipelineSession } from '../../kit/pipeline.ts';
import {
  asValue,
  deliver,
  module,
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
import { accepted, content, greeting, mail, play, received, refusal } from '../../kit/scripts.ts';

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

test.each([false, true])(
  'a table that cannot be read is named, and temporary (D1; answers come later: %s)',
  async (later) => {
    const failure = new Error('connect ECONNREFUSED 192.0.2.9:5432');
    const lookup = (): Promise<string[]> => {
      if (later) return Promise.reject(failure);
      throw failure;
    };
    const rewrites: PlanModule = { ...module('modify.replace_rcpt'), config: { table: asValue(use('aliases')) } };
    const routes = plan(pipeline(source(deliver(use('boxes'))), { modifiers: [rewrites] }));
    const targets = { boxes: fakeTarget('boxes', []) };
    const session = await pipelineSession(routes, { targets, tables: { aliases: { lookup } } });
    await play(
      `${greeting}
    ${mail}
    C: RCPT TO:<b@x.test>
    S: 451 4.3.0 Table cannot be read, try again later (msg ID = 00000001)`,
      session,
    );
    expect(session.lines.join()).toContain('ECONNREFUSED');
  },
);

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
