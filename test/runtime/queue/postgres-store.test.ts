import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PostgresStore } from '../../../runtime/queue/postgres/store.ts';
import type { StoredMessage } from '../../../runtime/queue/store.ts';
import { newMessage, postgresUrl } from '../../kit/queue.ts';
import { describesStore, leaseRequest } from '../../kit/queue-store-contract.ts';
import { describeWithServices, type Service, startService } from '../../kit/services.ts';

describeWithServices('the PostgreSQL store', ['postgres'], () => {
  let postgres: Service;
  let url = '';
  let queues = 0;
  let queue = '';
  const heartbeat = { interval: 50, patience: 500 };

  beforeAll(async () => {
    postgres = await startService('postgres');
    url = postgresUrl(postgres.env);
  });
  afterAll(async () => {
    await postgres.dispose();
  });
  beforeEach(() => {
    queue = `queue ${++queues}`;
  });

  async function openStore(name = queue): Promise<PostgresStore> {
    const store = new PostgresStore({ url, queue: name, role: 'server', onError: () => {}, heartbeat });
    await store.open();
    return store;
  }

  describe('as every store', () => {
    describesStore(openStore);
  });

  test('queues of one database are apart', async () => {
    const one = await openStore('one');
    const other = await openStore('other');
    await one.insert(newMessage(), false);
    expect(await other.count()).toBe(0);
    expect(await other.lease(leaseRequest())).toEqual([]);
    await Promise.all([one.close(), other.close()]);
  });

  test('nodes share out what is due, and none has what another has', async () => {
    const nodes = await Promise.all([openStore(), openStore(), openStore()]);
    const [first] = nodes;
    await Promise.all(Array.from({ length: 90 }, () => first?.insert(newMessage(), false)));
    const leased = await Promise.all(nodes.map((node) => node.lease(leaseRequest({ limit: 40 }))));
    const keys = leased.flat().map(({ key }) => key);
    expect(keys).toHaveLength(90);
    expect(new Set(keys).size).toBe(90);
    await Promise.all(nodes.map((node) => node.close()));
  });

  test('tells the others that something is due', async () => {
    const one = await openStore();
    const other = await openStore();
    const told = new Promise<void>((resolve) => other.onChange(resolve));
    await one.insert(newMessage(), false);
    await told;
    await Promise.all([one.close(), other.close()]);
  });

  test('a node that says nothing any more loses what it had in its hands', async () => {
    const silent = new PostgresStore({
      url,
      queue,
      role: 'server',
      onError: () => {},
      heartbeat: { interval: 60_000, patience: 100 },
    });
    await silent.open();
    const key = await silent.insert(newMessage(), true);
    expect(silent.mayDeliver).toBe(false);
    const other = await openStore();
    let taken: readonly StoredMessage[] = [];
    while (taken.length === 0) taken = await other.lease(leaseRequest());
    const [message] = taken;
    expect(message?.key).toBe(key);
    // What it still writes about the message counts for nothing: it is in other hands.
    await silent.release(key, Date.now());
    expect(await other.lease(leaseRequest())).toEqual([]);
    await Promise.all([silent.close(), other.close()]);
  });
});
