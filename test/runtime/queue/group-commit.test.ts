import { expect, test } from 'vitest';
import { GroupCommit } from '../../../runtime/queue/group-commit.ts';

test('what makes room is committed although there is no room for what comes in at the same time', async () => {
  let isFull = true;
  const commits: (readonly string[])[] = [];
  const writes = new GroupCommit<string>({
    commit: async (batch) => {
      if (isFull && batch.includes('insert')) throw new Error('full');
      commits.push(batch);
      if (batch.includes('remove')) isFull = false;
      return batch.map(() => 1);
    },
    onError: () => {},
  });
  const removed = writes.patient('remove');
  // Somebody who never rests: there is always a new message in the batch.
  let refused = 0;
  const insert = async (): Promise<void> => {
    while (refused < 100) {
      try {
        await writes.urgent('insert');
        return;
      } catch {
        refused++;
      }
    }
  };
  await Promise.all([removed, ...Array.from({ length: 4 }, insert)]);
  expect(refused).toBeLessThan(10);
  expect(commits[0]).toEqual(['remove']);
  expect(commits.flat().toSorted()).toEqual(['insert', 'insert', 'insert', 'insert', 'remove']);
  await writes.close();
});
