import { describe, expect, test } from 'vitest';
import { dueTime, isDone } from '../../../runtime/queue/message.ts';
import { afterFailedBounce, applyResults, type RecipientResult } from '../../../runtime/queue/outcome.ts';
import { arrival, busy, failed, noSuchUser, queuedMessage, recipient } from '../../kit/queue.ts';

const rules = {
  schedule: { initialRetryTime: 2000, retryTimeScale: 2, maxTries: 3 },
  bounces: true,
  chance: 0,
};
const delivered: RecipientResult = { kind: 'delivered' };
const postponed: RecipientResult = { kind: 'postponed' };
const refused: RecipientResult = { kind: 'failed', reply: noSuchUser };
const later: RecipientResult = { kind: 'failed', reply: busy };
const end = arrival + 100;

const message = queuedMessage({
  recipients: ['ok', 'temp', 'perm', 'always'].map((name) => recipient(`${name}@example.test`)),
});

test('each recipient has its own fate, and the message lives as long as one of them waits', () => {
  const { message: next, ...fates } = applyResults(message, [delivered, later, refused, later], end, rules);
  expect(fates).toEqual({
    delivered: [recipient('ok@example.test')],
    failed: [failed('perm@example.test', noSuchUser)],
    retried: [failed('temp@example.test', busy), failed('always@example.test', busy)],
  });
  expect(next.recipients).toEqual(fates.retried);
  expect(next.nextAttemptAt).toBe(end + 2000);
  expect(next.lastAttemptAt).toBe(end);
  expect(next.bounce).toEqual({ recipients: fates.failed, tries: 0, nextAttemptAt: end });
  expect(dueTime(next)).toBe(end);
});

test('a temporary failure is final at the last try', () => {
  const tired = { ...message, recipients: [failed('always@example.test', busy, 2)] };
  const { failed: given, message: next } = applyResults(tired, [later], end, rules);
  expect(given).toEqual([failed('always@example.test', busy, 3)]);
  expect(next.recipients).toEqual([]);
  expect(isDone(next)).toBe(false);
});

test('the delay follows the recipient with the fewest tries', () => {
  const mixed = { ...message, recipients: [failed('a@b.test', busy, 1), recipient('c@d.test')] };
  expect(applyResults(mixed, [later, later], end, rules).message.nextAttemptAt).toBe(end + 2000);
  const both = { ...message, recipients: [failed('a@b.test', busy, 1), failed('c@d.test', busy, 1)] };
  expect(applyResults(both, [later, later], end, rules).message.nextAttemptAt).toBe(end + 4000);
});

test('who was not tried waits without losing a try', () => {
  const { message: next, retried } = applyResults(message, [postponed, postponed, postponed, postponed], end, rules);
  expect(next.recipients).toEqual(message.recipients);
  expect(next.nextAttemptAt).toBe(end + 2000);
  expect(retried).toEqual([]);
});

describe('nobody is told', () => {
  test('of the null sender, which has nobody', () => {
    const notice = queuedMessage({ from: '', originalFrom: '' });
    expect(isDone(applyResults(notice, [refused], end, rules).message)).toBe(true);
  });

  test('without a bounce block', () => {
    expect(isDone(applyResults(queuedMessage(), [refused], end, { ...rules, bounces: false }).message)).toBe(true);
  });
});

describe('a bounce that cannot be handed over', () => {
  const owing = queuedMessage({
    recipients: [],
    bounce: { recipients: [failed('a@b.test', noSuchUser)], tries: 0, nextAttemptAt: arrival },
  });

  test('is tried again by the same schedule', () => {
    const once = afterFailedBounce(owing, busy, end, rules);
    expect(once.bounce).toMatchObject({ tries: 1, nextAttemptAt: end + 2000 });
    expect(afterFailedBounce(once, busy, end, rules).bounce).toMatchObject({ tries: 2, nextAttemptAt: end + 4000 });
  });

  test('is given up when it is refused, or at the last try', () => {
    expect(isDone(afterFailedBounce(owing, noSuchUser, end, rules))).toBe(true);
    const tired = {
      ...owing,
      bounce: { recipients: [failed('a@b.test', noSuchUser)], tries: 2, nextAttemptAt: arrival },
    };
    expect(isDone(afterFailedBounce(tired, busy, end, rules))).toBe(true);
  });

  test('takes along who fails meanwhile', () => {
    const waiting = { ...owing, recipients: [recipient('c@d.test')] };
    const { bounce } = applyResults(waiting, [refused], end, rules).message;
    expect(bounce?.recipients.map(({ to }) => to)).toEqual(['a@b.test', 'c@d.test']);
  });
});
