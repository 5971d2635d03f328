import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { faultPoints } from '../../faults/faulty-store.ts';
import { runKillLoop } from '../../faults/kill-loop.ts';

test('kill -9 at every point of the store’s work, and at any time, loses nothing that was accepted', {
  timeout: 120_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'queue-'));
  try {
    const rounds = [...faultPoints, { after: 5 }, { after: 30 }, { after: 80 }];
    const { lost, accepted, delivered, bounced } = await runKillLoop({ place: directory, messages: 40, rounds });
    expect(lost).toEqual([]);
    expect(accepted).toBeGreaterThan(100);
    expect(delivered + bounced).toBe(accepted);
    expect(bounced).toBeGreaterThan(0);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
