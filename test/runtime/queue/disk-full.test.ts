import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SqliteStore } from '../../../runtime/queue/sqlite/store.ts';
import { QueueStoreFull } from '../../../runtime/queue/store.ts';
import { newMessage } from '../../kit/queue.ts';
import { SmallDisk } from '../../kit/small-disk.ts';

const missing = SmallDisk.missing();

describe.skipIf(missing !== null)(`a disk that is full${missing === null ? '' : ` [skipped: ${missing}]`}`, () => {
  let disk: SmallDisk;
  beforeAll(() => {
    disk = new SmallDisk('48m');
  });
  afterAll(() => disk.remove());

  test('stops new mail in time: what was taken can still be delivered and removed, which makes room', async () => {
    const store = new SqliteStore({ directory: join(disk.directory, 'queue'), onError: () => {} });
    await store.open();
    const text = 'x'.repeat(200_000);
    const keys: number[] = [];
    const fill = async (): Promise<unknown> => {
      for (;;) {
        try {
          keys.push(await store.insert(newMessage({}, text), true));
        } catch (error) {
          return error;
        }
      }
    };
    expect(await fill()).toBeInstanceOf(QueueStoreFull);
    expect(keys.length).toBeGreaterThan(10);
    const taken = keys.length;
    expect(await store.count()).toBe(taken);
    await Promise.all(keys.map((key) => store.remove(key)));
    expect(await store.count()).toBe(0);
    // Its file has not shrunk: what is free inside is what there is.
    await expect.poll(() => store.insert(newMessage({}, text), true).then(() => 'taken', String)).toBe('taken');
    await store.close();
    const again = new SqliteStore({ directory: join(disk.directory, 'queue'), onError: () => {} });
    await again.open();
    await again.insert(newMessage(), true);
    await again.close();
  });
});
