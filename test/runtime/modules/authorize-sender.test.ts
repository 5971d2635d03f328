import { describe, expect, test } from 'vitest';
import { parseHeader } from '../../../runtime/message/header.ts';
import type { MessageContext } from '../../../runtime/module.ts';
import { authorizeSender } from '../../../runtime/modules/check/authorize-sender.ts';
import { messageContext, moduleContext, tableOfEntries } from '../../kit/modules.ts';
import { use } from '../../kit/plan.ts';

const reject = { action: 'reject', reply: null } as const;

const config: Parameters<typeof authorizeSender.create>[0] = {
  debug: false,
  check_header: true,
  prepare_email: use('prepare'),
  user_to_email: use('allowed'),
  unauth_action: reject,
  no_match_action: reject,
  err_action: reject,
  auth_normalize: 'auto',
  from_normalize: 'auto',
};

const named = {
  prepare: { table: tableOfEntries({ 'alias@x.test': ['main@x.test'] }) },
  allowed: {
    table: tableOfEntries({ ann: ['ann@x.test', 'ö@x.test', 'y.test'], boss: ['*'], main: ['main@x.test'] }),
  },
  down: { table: { lookup: () => Promise.reject(new Error('down')) } },
};

function start(user: string | null, changes: Partial<typeof config> = {}, context: Partial<MessageContext> = {}) {
  const { check } = authorizeSender.create({ ...config, ...changes }, moduleContext({ named }).context);
  const auth = user === null ? null : { user, password: 'p' };
  const message = messageContext({ auth, ...context });
  const run = check?.start(message);
  const told = (verdict: Awaited<ReturnType<NonNullable<NonNullable<typeof run>['sender']>>> | undefined): string =>
    verdict === undefined
      ? 'not asked'
      : verdict.kind === 'pass'
        ? 'pass'
        : `${verdict.kind} ${verdict.reply.code} ${verdict.reply.text}`;
  return {
    sender: async (from: string) => told(await run?.sender?.(from)),
    body: async (fields: string) => {
      const header = parseHeader(Buffer.from(fields));
      if ('fault' in header) throw new Error(header.fault);
      return told(await run?.body?.({ context: message, header, body: { size: 0, chunks: () => [] } }));
    },
  };
}

const unauthorized = 'reject 553 Unauthorized use of sender address';

describe('envelope sender', () => {
  test.each([
    ['ann', 'Ann@X.test', 'pass'],
    ['ann', 'O\u0308@X.test', 'pass'],
    ['ann', 'anybody@y.test', 'pass'],
    ['ann', 'bob@x.test', unauthorized],
    ['boss', 'whoever@else.test', 'pass'],
    ['nobody', 'ann@x.test', unauthorized],
    ['main', 'alias@x.test', 'pass'],
    ['ann', '', 'reject 454 Internal error during policy check'],
    ['a b', 'ann@x.test', 'reject 535 Unable to normalize authorization username'],
    ['ann', '"a b"@x.test', 'reject 553 Unable to normalize sender address'],
    [null, 'ann@x.test', 'reject 530 Authentication required'],
  ])('%s as <%s>', async (user, from, verdict) => {
    expect(await start(user).sender(from)).toBe(verdict);
  });

  test('actions of the configuration', async () => {
    expect(await start('ann', { no_match_action: { action: 'quarantine', reply: null } }).sender('bob@x.test')).toMatch(
      'quarantine 553',
    );
    const reply = { code: 550, enhanced: '5.7.1', text: 'Not you' };
    expect(await start('ann', { no_match_action: { action: 'reject', reply } }).sender('bob@x.test')).toBe(
      'reject 550 Not you',
    );
  });

  test('a table that fails, and a bounce', async () => {
    expect(await start('ann', { user_to_email: use('down') }).sender('ann@x.test')).toBe(
      'reject 454 Internal error during policy check',
    );
    expect(await start(null, {}, { client: null }).sender('ann@x.test')).toBe('not asked');
  });
});

describe('header', () => {
  test.each([
    ['From: Ann <ann@x.test>\r\n', 'pass'],
    ['From: bob@x.test\r\nSender: ann@x.test\r\n', 'pass'],
    ['From: bob@x.test\r\nSender: carl@x.test\r\n', unauthorized],
    ['From: bob@x.test\r\nSender: bob@x.test\r\n', unauthorized],
    ['From: ann@x.test, bob@x.test\r\nSender: ann@x.test\r\n', 'reject 550 Multiple From addresses are not allowed'],
    ['From: ann@x.test\r\nFrom: bob@x.test\r\n', 'reject 550 Multiple From addresses are not allowed'],
    ['From: bob@x.test\r\nSender: ann@x.test\r\nSender: bob@x.test\r\n', 'reject 550 Malformed Sender header'],
    ['From: nobody\r\n', 'reject 550 Malformed From header'],
    ['From: undisclosed:;\r\n', 'reject 550 Malformed From header'],
    ['From: ann@x.test\r\nSender: ,\r\n', 'reject 550 Malformed Sender header'],
    ['Subject: s\r\n', 'reject 550 Missing From header'],
  ])('%j', async (fields, verdict) => {
    expect(await start('ann').body(fields)).toBe(verdict);
  });

  test('not looked at with check_header no', async () => {
    expect(await start('ann', { check_header: false }).body('From: bob@x.test\r\n')).toBe('not asked');
  });
});
