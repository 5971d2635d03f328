import { setImmediate } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { collectGarbageSoon } from '../../runtime/collect-garbage.ts';
import { growYoungGeneration } from '../../runtime/young-generation.ts';

const wanted = 16 * 1024 * 1024;

function youngBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
}

/** Much that lives a little, as messages do. */
async function work(): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const kept = Array.from({ length: 50_000 }, (_, at) => ({ at }));
    await setImmediate();
    expect(kept).toHaveLength(50_000);
  }
}

test('grows with the load, and again after a collection has made it small', async () => {
  growYoungGeneration();
  await work();
  expect(youngBytes()).toBeGreaterThanOrEqual(wanted);
  collectGarbageSoon();
  await expect.poll(youngBytes, { timeout: 15_000 }).toBeLessThan(wanted);
  await work();
  expect(youngBytes()).toBeGreaterThanOrEqual(wanted);
});
