import { expect, test } from 'vitest';
import { partSize } from '../../runtime/queue/content.ts';
import type { LeaseRequest, NewMessage, QueueStore } from '../../runtime/queue/store.ts';
import { arrival, busy, newMessage, queuedMessage, recipient } from './queue.ts';

const hour = 3_600_000;

export function leaseRequest(changes: Partial<LeaseRequest> = {}): LeaseRequest {
  const now = Date.now();
  return { dueUntil: now, changedSince: 0, horizon: now + 100 * hour, limit: 100, except: [], ...changes };
}

/** What every store does; `open` gives a store over the same messages each time, opened. */
export function describesStore(open: () => Promise<QueueStore>): void {
  const idsDue = async (store: QueueStore, request: Partial<LeaseRequest> = {}): Promise<readonly string[]> =>
    (await store.lease(leaseRequest(request))).map(({ message }) => message.id).toSorted();

  test('gives back what was put in, once', async () => {
    const store = await open();
    const put = newMessage({ recipients: [recipient('жук@пример.test'), recipient('"a b"@c.test', 2, busy)] });
    const key = await store.insert(put, false);
    const [leased, ...others] = await store.lease(leaseRequest());
    expect(others).toEqual([]);
    expect(leased).toEqual({ key, message: put.message, destination: '' });
    const { header, body } = await store.read(key);
    expect(header).toEqual(put.header);
    expect(await whole(body)).toBe('Hi there\r\n');
    expect(body.size).toBe(10);
    expect(await store.lease(leaseRequest())).toEqual([]);
    await store.close();
  });

  test('hands out nothing that this process has put in for itself, until it lets go', async () => {
    const store = await open();
    const key = await store.insert(newMessage({ id: '00000001' }), true);
    expect(await idsDue(store)).toEqual([]);
    await store.release(key, Date.now());
    expect(await idsDue(store)).toEqual(['00000001']);
    await store.close();
  });

  test('keeps what became of a message, and hands it out when it is due', async () => {
    const store = await open();
    const key = await store.insert(newMessage(), true);
    const changed = queuedMessage({ recipients: [recipient('x@y.test', 1, busy)], nextAttemptAt: Date.now() + hour });
    await store.update(key, changed);
    expect(await store.lease(leaseRequest())).toEqual([]);
    expect(await store.nextDue([])).toBe(changed.nextAttemptAt);
    const [later] = await store.lease(leaseRequest({ dueUntil: Date.now() + 2 * hour }));
    expect(later?.message).toEqual(changed);
    await store.close();
  });

  test('forgets what is done, content and all', async () => {
    const store = await open();
    const key = await store.insert(newMessage(), true);
    await store.remove(key);
    expect(await store.count()).toBe(0);
    await expect(store.read(key)).rejects.toThrow('not in the queue any more');
    await store.close();
  });

  test('keeps messages over its own end, also those that somebody had in hand', async () => {
    const first = await open();
    await first.insert(newMessage({ id: '00000001' }), true);
    await first.insert(newMessage({ id: '00000002' }), false);
    await first.close();
    const second = await open();
    expect(await second.count()).toBe(2);
    expect(await idsDue(second)).toEqual(['00000001', '00000002']);
    await second.close();
  });

  test('writes what was patient before it ends', async () => {
    const first = await open();
    const key = await first.insert(newMessage(), true);
    void first.remove(key);
    await first.close();
    const second = await open();
    expect(await second.count()).toBe(0);
    await second.close();
  });

  test.each([
    ['of one part', partSize - 15],
    ['of exactly one part', partSize - 16],
    ['of a few bytes more', partSize + 1],
    ['of many parts', 3 * partSize + 5],
  ])('keeps content %s', async (_, size) => {
    const store = await open();
    const text = 'x'.repeat(size);
    const key = await store.insert(newMessage({}, text), false);
    const { header, body } = await store.read(key);
    expect(header.toString()).toBe('Subject: Hello\r\n');
    expect((await whole(body)) === text).toBe(true);
    expect(body.size).toBe(size);
    expect(await idsDue(store)).toHaveLength(1);
    await store.close();
  });

  test('keeps a header larger than a part', async () => {
    const store = await open();
    const header = Buffer.from(`Subject: ${'y'.repeat(partSize)}\r\n`);
    const key = await store.insert({ ...newMessage(), header }, false);
    const content = await store.read(key);
    expect(content.header.equals(header)).toBe(true);
    expect(await whole(content.body)).toBe('Hi there\r\n');
    await store.close();
  });

  test('leaves no trace of a message whose content breaks off', async () => {
    const store = await open();
    const body = {
      size: 2 * partSize + 10,
      async *chunks() {
        yield Buffer.alloc(2 * partSize);
        throw new Error('the client is gone');
      },
    };
    await expect(store.insert({ ...newMessage(), body }, false)).rejects.toThrow('the client is gone');
    await store.close();
    const again = await open();
    expect(await again.count()).toBe(0);
    await again.close();
  });

  test('hands out the longest due first, and leaves destinations out that are not wanted', async () => {
    const store = await open();
    const put = (id: string, destination: string, nextAttemptAt: number): Promise<number> =>
      store.insert(newMessage({ id, nextAttemptAt }, 'x', destination), false);
    await put('00000003', 'up.test', arrival + 3);
    await put('00000001', 'down.test', arrival + 1);
    await put('00000002', 'up.test', arrival + 2);
    expect(await store.nextDue([])).toBe(arrival + 1);
    expect(await store.nextDue(['down.test'])).toBe(arrival + 2);
    expect(await idsDue(store, { limit: 1, except: ['down.test'] })).toEqual(['00000002']);
    expect(await idsDue(store, { except: ['down.test'] })).toEqual(['00000003']);
    expect(await store.nextDue(['down.test'])).toBeNull();
    expect(await idsDue(store)).toEqual(['00000001']);
    await store.close();
  });

  test('after a start hands out only what is new', async () => {
    const first = await open();
    await first.insert(newMessage({ id: '00000001' }), false);
    await first.close();
    const second = await open();
    const changedSince = Date.now() + 1;
    while (Date.now() <= changedSince) await new Promise((resolve) => setImmediate(resolve));
    await second.insert(newMessage({ id: '00000002', nextAttemptAt: Date.now() }), false);
    expect(await idsDue(second, { changedSince })).toEqual(['00000002']);
    expect(await idsDue(second)).toEqual(['00000001']);
    await second.close();
  });

  test('takes a time beyond the horizon for a clock that was set back', async () => {
    const store = await open();
    await store.insert(newMessage({ nextAttemptAt: Date.now() + 1000 * hour }), false);
    expect(await idsDue(store, { horizon: Date.now() + 999 * hour })).toHaveLength(1);
    await store.close();
  });

  test('many writers at once', async () => {
    const store = await open();
    const messages: NewMessage[] = Array.from({ length: 500 }, (_, at) =>
      newMessage({ id: at.toString(16).padStart(8, '0') }, `message ${at}`),
    );
    const keys = await Promise.all(messages.map((message) => store.insert(message, true)));
    expect(new Set(keys).size).toBe(500);
    expect(await whole((await store.read(keys[77] ?? 0)).body)).toBe('message 77');
    await Promise.all(keys.map((key) => store.remove(key)));
    expect(await store.count()).toBe(0);
    await store.close();
  });
}

async function whole(body: NewMessage['body']): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body.chunks()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
