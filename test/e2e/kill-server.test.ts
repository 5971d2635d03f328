import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runServerKillLoop } from '../faults/server-kill-loop.ts';

it('what a client was told 250 for arrives, whenever the server is killed', { timeout: 120_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mc-kill-'));
  try {
    const { accepted, lost } = await runServerKillLoop({ directory, lives: [5, 50, 120, 200, 300], clients: 5 });
    expect(lost).toEqual([]);
    expect(accepted).toBeGreaterThan(0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
