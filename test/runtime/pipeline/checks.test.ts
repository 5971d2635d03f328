import { describe, expect, test, vi } from 'vitest';
import { createLimits } from '../../../runtime/limits/limits.ts';
import type { Check, CheckVerdict } from '../../../runtime/module.ts';
import { fakeTarget, pipelineSession } from '../../kit/pipeline.ts';
import { deliver, destination, pipeline, plan, reject, source, use } from '../../kit/plan.ts';
import { accepted, content, greeting, mail, play, received } from '../../kit/scripts.ts';

const toBoxes = plan(
  pipeline(source(deliver(use('boxes')), { rules: [['gone@x.test', reject(550, '5.1.1', 'Gone')]] })),
);

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

  test('a check of a destination block hears of sender and recipients that no check was asked about', async () => {
    const asked: string[] = [];
    const block = destination(deliver(use('boxes')).actions, { checks: [use('late')] });
    const given = plan(pipeline(source(deliver(use('boxes')), { rules: [['late.test', block]] })));
    const checks = { late: recording('late', asked) };
    const session = await pipelineSession(given, { checks, targets: { boxes: fakeTarget('boxes', []) } });
    await play(
      `${greeting}
      ${mail}
      ${accepted('one@x.test')}
      ${accepted('one@late.test')}
      ${accepted('two@late.test')}`,
      session,
    );
    expect(asked).toEqual([
      'late connection',
      'late sender a@x.test',
      'late recipient one@x.test',
      'late recipient one@late.test',
      'late recipient two@late.test',
    ]);
  });

  test.each(['connection', 'sender a@x.test', 'recipient one@late.test'])(
    'what refuses a recipient at its stage refuses it each time, and the next one of the block: %s',
    async (stage) => {
      const asked: string[] = [];
      const checks = {
        calm: recording('calm', asked, { connection: quarantine }),
        late: recording('late', asked, { [stage]: reject550 }),
      };
      const block = destination(deliver(use('boxes')).actions, { checks: [use('calm'), use('late')] });
      const given = plan(pipeline(source(deliver(use('boxes')), { rules: [['late.test', block]] })));
      const happenings: string[] = [];
      const session = await pipelineSession(given, { checks, targets: { boxes: fakeTarget('boxes', happenings) } });
      const isOfRecipient = stage.startsWith('recipient');
      await play(
        `${greeting}
        ${mail}
        C: RCPT TO:<one@late.test>
        S: 550 5.7.1 Bad (msg ID = 00000001)
        C: RCPT TO:<one@late.test>
        S: 550 5.7.1 Bad (msg ID = 00000001)
        C: RCPT TO:<two@late.test>
        S: ${isOfRecipient ? "250 2.0.0 I'll make sure <two@late.test> gets this" : '550 5.7.1 Bad (msg ID = 00000001)'}
        ${accepted('b@x.test')}
        ${content}
        S: 250 2.0.0 OK: queued`,
        session,
      );
      // Checks of a block whose recipients were all refused have no say about the message.
      expect(asked.includes('calm body')).toBe(isOfRecipient);
    },
  );

  test('quarantine is logged, marks the message and leaves no header; results and fields go on top', async () => {
    const happenings: string[] = [];
    const checks = {
      q: recording('q', [], { 'sender a@x.test': quarantine }),
      r: recording('r', [], {
        body: {
          kind: 'pass',
          authResults: [{ method: 'spf', value: 'pass', reason: '', properties: { 'smtp.helo': 'h' } }],
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
      `boxes content (quarantined) [X-One: 1 | X-Two: 2 | Authentication-Results: mx.example.test; spf=pass smtp.helo=h | ${received} | Subject: s] "b\\r\\n"`,
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

  test('of one stage run at once; results come in the order of the file, and so does the refusal', async () => {
    const asked: string[] = [];
    const happenings: string[] = [];
    const later: Record<string, (verdict: CheckVerdict) => void> = {};
    const waiting = (name: string): Check => ({
      start: () => ({
        body: () => {
          asked.push(name);
          return new Promise((resolve) => {
            later[name] = resolve;
          });
        },
      }),
    });
    const given = plan(pipeline(source(deliver(use('boxes'))), { checks: [use('one'), use('two')] }));
    const checks = { one: waiting('one'), two: waiting('two') };
    const run = async (one: CheckVerdict, two: CheckVerdict, ending: string): Promise<void> => {
      const session = await pipelineSession(given, { checks, targets: { boxes: fakeTarget('boxes', happenings) } });
      const played = play(`${greeting}\n${mail}\n${accepted('b@x.test')}\n${content}\nS: ${ending}`, session);
      await vi.waitFor(() => expect(asked.splice(0)).toEqual(['one', 'two']));
      later.two?.(two);
      await new Promise(setImmediate);
      later.one?.(one);
      await played;
    };
    const result = (value: string): CheckVerdict => ({
      kind: 'pass',
      authResults: [{ method: 'dkim', value, reason: '', properties: { 'header.d': 'x' } }],
    });
    await run(result('first'), result('second'), '250 2.0.0 OK: queued');
    expect(happenings.join()).toContain('dkim=first header.d=x; dkim=second header.d=x');
    const other: CheckVerdict = { ...reject550, reply: { code: 554, enhanced: '5.7.0', text: 'Worse' } };
    await run(reject550, other, '550 5.7.1 Bad (msg ID = 00000001)');
  });

  test('a check that never answers is ended, and the sender may try again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let ended = 0;
      const silent: Check = { start: () => ({ sender: () => new Promise(() => {}), end: () => void ended++ }) };
      const given = plan(pipeline(source(deliver(use('boxes'))), { checks: [use('silent')] }));
      const session = await pipelineSession(given, {
        checks: { silent },
        targets: { boxes: fakeTarget('boxes', []) },
        deferSenderReject: false,
      });
      const played = play(
        `${greeting}
        C: MAIL FROM:<a@x.test>
        S: 451 4.7.0 Check failed to run (msg ID = 00000001)`,
        session,
      );
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
      await vi.advanceTimersByTimeAsync(240_000);
      await played;
      expect(ended).toBe(1);
      expect(session.lines.join('\n')).toContain('no verdict after 240 s');
    } finally {
      vi.useRealTimers();
    }
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
