import { describe, expect, test } from 'vitest';
import type { Host } from '../../../compiler/host.ts';
import type { Plan } from '../../../compiler/plan/plan.ts';
import { explainRoute } from '../../../compiler/routing/explain/explain-route.ts';
import type { RecipientRoute, Suppositions } from '../../../compiler/routing/explain/request.ts';
import {
  asValue,
  deliver,
  destination,
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

const emptyHost: Host = { read: () => ({ kind: 'absent' }), env: new Map() };
const nothingSupposed: Suppositions = { checks: new Map(), tables: new Map() };

function route(
  given: Plan,
  from: string,
  to: readonly string[],
  suppositions: Suppositions = nothingSupposed,
): readonly RecipientRoute[] {
  const request = { endpoint: null, ip: null, auth: null, from, to, smtputf8: null };
  const result = explainRoute(given, request, suppositions, emptyHost);
  if (!result.ok) throw new Error('no endpoint');
  return result.recipients;
}

function routeOne(given: Plan, from: string, to: string, suppositions = nothingSupposed): RecipientRoute {
  const [only] = route(given, from, [to], suppositions);
  if (only === undefined) throw new Error('no recipient');
  return only;
}

/** `target NAME recipient via…` of each delivery, or the reply. */
function summary(fate: Pick<RecipientRoute, 'deliveries' | 'reply'>): string {
  if (fate.reply !== null) return `${fate.reply.code} ${fate.reply.enhanced} ${fate.reply.text}`;
  return fate.deliveries
    .map(({ target, name, recipient, via }) =>
      [name ?? target, recipient, ...via.map((queue) => `<${queue}`)].join(' '),
    )
    .join(', ');
}

const boxes = { boxes: module('target.lmtp') };

describe('reroute and pipelines', () => {
  test('a pipeline that leads back to itself ends with a reply', () => {
    const given = plan(pipeline(source(deliver(use('loop')))), {
      loop: msgpipeline('loop', pipeline(source(deliver(use('loop'))))),
    });
    expect(summary(routeOne(given, 'a@x.test', 'b@x.test'))).toBe('554 5.4.6 Routing loop: too many pipelines passed');
  });

  test('rewriting that doubles at each pipeline ends with a reply', () => {
    const double = replaceRcpt({ a: ['a', 'a'] });
    const loop = pipeline(source(deliver(use('loop'))), { modifiers: [double] });
    const given = plan(loop, { loop: msgpipeline('loop', loop) });
    expect(summary(routeOne(given, 'a@x.test', 'a@x.test'))).toBe('554 5.4.6 Routing loop: too many pipelines passed');
  });

  test('reroute sees the sender and the recipient as they are by then', () => {
    const inner = pipeline(source(reject(550, '5.1.1', 'inner default')), {
      rules: [['new@x.test', source(deliver(use('boxes')), { rules: [['two@x.test', reject(550, '5.1.2', 'two')]] })]],
    });
    const given = plan(
      pipeline(source(reroute(inner), { modifiers: [replaceRcpt({ one: ['two', 'three'] })] }), {
        modifiers: [replaceSender({ 'old@x.test': ['new@x.test'] })],
      }),
      boxes,
    );
    expect(summary(routeOne(given, 'old@x.test', 'three@x.test'))).toBe('boxes three@x.test');
    expect(summary(routeOne(given, 'old@x.test', 'one@x.test'))).toBe('550 5.1.2 two');
    expect(summary(routeOne(given, 'other@x.test', 'three@x.test'))).toBe('550 5.1.1 inner default');
  });
});

describe('senders', () => {
  test('the null sender is never rewritten (D34)', () => {
    const given = plan(
      pipeline(source(deliver(use('boxes'))), {
        modifiers: [replaceSender({ '': ['somebody@x.test'] })],
        rules: [['somebody@x.test', source(reject())]],
      }),
      boxes,
    );
    expect(summary(routeOne(given, '', 'b@x.test'))).toBe('boxes b@x.test');
  });

  test('a rewriting to something that is no address refuses the recipient', () => {
    const given = plan(
      pipeline(source(deliver(use('boxes'))), { modifiers: [replaceRcpt({ bad: ['not an address@'] })] }),
      boxes,
    );
    expect(summary(routeOne(given, 'a@x.test', 'bad@x.test'))).toBe(
      '554 5.3.5 The address is rewritten to something that is no address',
    );
    expect(summary(routeOne(given, 'a@x.test', 'good@x.test'))).toBe('boxes good@x.test');
  });
});

describe('queues', () => {
  const queue = {
    ...module('target.queue', { target: asValue(use('behind')) }),
    bounce: pipeline(source(deliver(use('queue')))),
  };
  const given = plan(pipeline(source(deliver(use('queue')))), {
    queue,
    behind: msgpipeline('behind', pipeline(source(deliver(use('boxes')), { rules: [['gone@x.test', reject()]] }))),
    ...boxes,
  });

  test('mail goes on behind the queue, and what is refused there was accepted in front', () => {
    expect(summary(routeOne(given, 'a@x.test', 'b@x.test'))).toBe('boxes b@x.test <queue');
    const refused = routeOne(given, 'a@x.test', 'gone@x.test');
    expect(refused.outcome).toBe('delivered');
    expect(refused.deliveries).toEqual([]);
  });
});

describe('what cannot be known', () => {
  const users = module('table.sql_query', {});
  const given = plan(
    pipeline(source(reject(550, '5.1.1', 'no such user'), { tables: [[users, deliver(use('boxes'))]] })),
    boxes,
  );

  test('a table that only the server can ask branches', () => {
    const [first, second] = routeOne(given, 'a@x.test', 'b@x.test').branches;
    expect(routeOne(given, 'a@x.test', 'b@x.test').outcome).toBe('depends');
    expect([summary(first ?? { deliveries: [], reply: null }), first?.assumptions]).toEqual([
      '550 5.1.1 no such user',
      ['table.sql_query does not hold "b@x.test"'],
    ]);
    expect([summary(second ?? { deliveries: [], reply: null }), second?.assumptions]).toEqual([
      'boxes b@x.test',
      ['table.sql_query holds "b@x.test"'],
    ]);
  });

  test('an answer that is given settles it', () => {
    const tables = new Map([['sql_query', new Map([['b@x.test', ['yes']]])]]);
    expect(summary(routeOne(given, 'a@x.test', 'B@x.test', { checks: new Map(), tables }))).toBe('boxes B@x.test');
  });

  test('what checks are supposed to say has the effect that the configuration gives it', () => {
    const reply = { code: 550, enhanced: '5.7.1', text: 'No' };
    const checked = plan(
      pipeline(
        source(
          destination(deliver(use('boxes')).actions, {
            checks: [module('check.dkim', { broken_sig_action: { action: 'reject', reply } })],
          }),
        ),
        { checks: [module('check.spf'), module('check.dnsbl')], dmarc: true },
      ),
      boxes,
    );
    const judged = (name: string, verdict: string) =>
      routeOne(checked, 'a@x.test', 'b@x.test', { checks: new Map([[name, verdict]]), tables: new Map() });
    expect(routeOne(checked, 'a@x.test', 'b@x.test')).toMatchObject({ outcome: 'delivered', quarantined: false });
    expect(judged('spf', 'fail')).toMatchObject({ outcome: 'delivered', quarantined: true });
    expect(judged('spf', 'softfail')).toMatchObject({ outcome: 'delivered', quarantined: false });
    expect(judged('dnsbl', 'fail')).toMatchObject({ outcome: 'rejected', stage: 'rcpt', reply: { code: 554 } });
    expect(judged('check.dkim', 'none')).toMatchObject({ outcome: 'delivered' });
    expect(judged('check.dkim', 'fail')).toMatchObject({ outcome: 'rejected', stage: 'data', reply });
    expect(judged('check.dkim', 'temperror')).toMatchObject({ outcome: 'deferred', stage: 'data' });
    expect(judged('dmarc', 'fail')).toMatchObject({ outcome: 'rejected', stage: 'data' });
    expect(judged('dmarc', 'quarantine')).toMatchObject({ outcome: 'delivered', quarantined: true });
  });

  test('mail that was put aside does not leave', () => {
    const out = { out: module('target.remote') };
    const checked = plan(pipeline(source(deliver(use('out'))), { checks: [module('check.spf')] }), out);
    const supposed = { checks: new Map([['spf', 'fail']]), tables: new Map() };
    expect(routeOne(checked, 'a@x.test', 'b@x.test', supposed)).toMatchObject({
      outcome: 'rejected',
      stage: 'data',
      reply: { code: 550, enhanced: '5.7.0' },
    });
  });
});

describe('refusals of the session', () => {
  const given = plan(pipeline(source(deliver(use('boxes')))), boxes);

  test.each([
    ['a@x.test', 'nodomain', '501 5.5.2 Was expecting RCPT arg syntax of TO:<address>', 'rcpt'],
    ['a b@x.test', 'b@x.test', '501 5.5.2 Was expecting MAIL arg syntax of FROM:<address>', 'mail'],
    ['a@xn--0.test', 'b@x.test', '553 5.1.7 Unable to normalize the sender address', 'rcpt'],
    ['a@x.test', 'b@xn--0.test', '501 5.1.2 Unable to normalize the recipient address', 'rcpt'],
  ])('MAIL %s RCPT %s', (from, to, reply, stage) => {
    const refused = routeOne(given, from, to);
    expect([summary(refused), refused.stage]).toEqual([reply, stage]);
  });

  test('a bare postmaster gets the host name at the target (D24)', () => {
    expect(summary(routeOne(given, 'a@x.test', 'Postmaster'))).toBe('boxes Postmaster@mx.example.test');
  });
});
