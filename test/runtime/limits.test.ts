import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLimits, type Limits } from '../../runtime/limits/limits.ts';
import { ReplyError } from '../../runtime/module.ts';

type Config = Parameters<typeof createLimits>[0];

const none: Config = { all: [], ip: [], source: [], destination: [] };
const hour = 3_600_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What becomes of a message that asks now: at once, after so many ms, or the refusal. */
async function outcome(limits: Limits, client = '192.0.2.1', domain = 'x.test'): Promise<string> {
  const asked = Date.now();
  const waiting = (async () => limits.take(client, domain))().then(
    () => `after ${Date.now() - asked}`,
    (error: unknown) => (error instanceof ReplyError ? `${error.reply.code} ${error.reply.text}` : 'fault'),
  );
  await vi.advanceTimersByTimeAsync(6_000);
  return waiting;
}

test('a rate serves its burst, then those who need not wait longer than five seconds', async () => {
  const limits = createLimits({ ...none, all: [{ kind: 'rate', burst: 2, period: 4_000 }] });
  await limits.take('192.0.2.1', '');
  await limits.take('192.0.2.1', '');
  expect(await outcome(limits)).toBe('after 4000');
  const slow = createLimits({ ...none, all: [{ kind: 'rate', burst: 1, period: hour }] });
  await slow.take('192.0.2.1', '');
  expect(await outcome(slow)).toBe('451 High load, try again later');
});

test('the refusal names no message', async () => {
  const limits = createLimits({ ...none, all: [{ kind: 'concurrency', max: 1 }] });
  await limits.take('192.0.2.1', '');
  const refused = (async () => limits.take('192.0.2.1', ''))().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(await refused).toMatchObject({ messageId: null });
});

test('concurrency: the next one goes on when one ends; ending twice is ending once', async () => {
  const limits = createLimits({ ...none, all: [{ kind: 'concurrency', max: 1 }] });
  const release = await limits.take('192.0.2.1', '');
  const second = limits.take('192.0.2.1', '');
  release();
  release();
  await second;
  expect(await outcome(limits)).toBe('451 High load, try again later');
});

test('what was got before a refusal is given back', async () => {
  const limits = createLimits({
    ...none,
    all: [{ kind: 'concurrency', max: 1 }],
    source: [{ kind: 'concurrency', max: 1 }],
  });
  const wide = createLimits({
    ...none,
    all: [{ kind: 'concurrency', max: 2 }],
    source: [{ kind: 'concurrency', max: 1 }],
  });
  await wide.take('192.0.2.1', 'x.test');
  expect(await outcome(wide)).toBe('451 High load, try again later');
  expect(await outcome(wide, '192.0.2.1', 'y.test')).toBe('after 0');
  expect(await outcome(limits)).toBe('after 0');
});

test('clients and sender domains have limits of their own', async () => {
  const limits = createLimits({ ...none, ip: [{ kind: 'concurrency', max: 1 }] });
  await limits.take('192.0.2.1', '');
  expect(await outcome(limits, '192.0.2.2')).toBe('after 0');
  expect(await outcome(limits, '192.0.2.1')).toBe('451 High load, try again later');
});

test('keys that nobody uses are forgotten, those in use are not, and more than there is room for are refused (D30)', async () => {
  const limits = createLimits({ ...none, ip: [{ kind: 'concurrency', max: 1 }] });
  await limits.take('kept', '');
  for (let at = 0; at < 20_009; at++) (await limits.take(`192.0.2.1/${at}`, ''))();
  expect(() => limits.take('one too many', '')).toThrow('High load');
  await vi.advanceTimersByTimeAsync(61_000);
  expect(await outcome(limits, 'one more')).toBe('after 0');
  expect(await outcome(limits, 'kept')).toBe('451 High load, try again later');
});

test('zero is no limit', async () => {
  const limits = createLimits({
    ...none,
    all: [
      { kind: 'rate', burst: 0, period: 1 },
      { kind: 'concurrency', max: 0 },
    ],
  });
  for (let at = 0; at < 100; at++) await limits.take('192.0.2.1', '');
  expect(await outcome(limits)).toBe('after 0');
});
