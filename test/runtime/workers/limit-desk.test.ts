import { expect, test } from 'vitest';
import { LimitDesk } from '../../../runtime/workers/limit-desk.ts';
import type { LimitsConfig } from '../../../runtime/workers/messages.ts';

const config: LimitsConfig = { all: [{ kind: 'concurrency', max: 1 }], ip: [], source: [], destination: [] };
const ask = (request: number) => ({ request, key: '0/a', config, client: '192.0.2.1', domain: 'x.test' });

test('what a worker held is free again when it is gone', async () => {
  const desk = new LimitDesk();
  const [first, second] = [desk.openAccount(), desk.openAccount()];
  expect(await first.take(ask(1))).toBe(true);
  const waiting = second.take(ask(1));
  first.close();
  expect(await waiting).toBe(true);
});

test('what a worker gave back is free, once', async () => {
  const desk = new LimitDesk();
  const account = desk.openAccount();
  await account.take(ask(1));
  account.release(1);
  expect(await account.take(ask(2))).toBe(true);
  account.release(1);
  const third = account.take(ask(3));
  account.release(2);
  expect(await third).toBe(true);
});

test('permits that come after the end of a worker are not kept for it', async () => {
  const desk = new LimitDesk();
  const [first, second, third] = [desk.openAccount(), desk.openAccount(), desk.openAccount()];
  await first.take(ask(1));
  const waiting = second.take(ask(1));
  second.close();
  first.close();
  await waiting;
  expect(await third.take(ask(1))).toBe(true);
});
