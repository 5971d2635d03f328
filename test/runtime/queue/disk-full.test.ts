import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { SqliteStore } from '../../../runtime/queue/sqlite/store.ts';
import { QueueStoreFull } from '../../../runtime/queue/store.ts';
import { newMessage } from '../../kit/queue.ts';

/** A small file system of its own; null where it may not be mounted. */
function mountSmallDisk(): string | null {
  const directory = mkdtempSync(join(tmpdir(), 'queue-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', directory], { stdio: 'ignore' });
    return directory;
  } catch {
    rmSync(directory, { recursive: true });
    return null;
  }
}

const disk = mountSmallDisk();

afterAll(() => {
  if (disk === null) return;
  execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

describe.skipIf(disk === null)('a disk that is full', () => {
  test('stops new mail in time: what was taken can still be delivered and removed, which makes room', async () => {
    const store = new SqliteStore({ directory: join(disk ?? '', 'queue'), onError: () => {} });
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
    await store.close();
    const again = new SqliteStore({ directory: join(disk ?? '', 'queue'), onError: () => {} });
    await again.open();
    await again.insert(newMessage(), true);
    await again.close();
  });
});
