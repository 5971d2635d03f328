import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SqliteStore } from '../../../runtime/queue/sqlite/store.ts';
import { newMessage } from '../../kit/queue.ts';
import { describesStore } from '../../kit/queue-store-contract.ts';

let directory = '';
let errors: unknown[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'queue-'));
  errors = [];
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
  expect(errors).toEqual([]);
});

function createStore(): SqliteStore {
  return new SqliteStore({ directory: join(directory, 'remote_queue'), onError: (error) => void errors.push(error) });
}

async function openStore(): Promise<SqliteStore> {
  const store = createStore();
  await store.open();
  return store;
}

describe('the SQLite store', () => {
  describesStore(openStore);

  test('belongs to one process at a time', async () => {
    const first = await openStore();
    const second = createStore();
    await expect(second.open()).rejects.toThrow(/another process delivers the queue in .*remote_queue/);
    await first.insert(newMessage(), false);
    await first.close();
    await (await openStore()).close();
  });
});
