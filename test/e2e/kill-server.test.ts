import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runServerKillLoop } from '../faults/server-kill-loop.ts';

it('what a client was told 250 for arrives, whenever the server is killed', { timeout: 120_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mc-kill-'));
  try {
    const lives = [
      { messages: 1, pause: 0 },
      { messages: 40, pause: 3 },
      { messages: 100, pause: 20 },
    ];
    const { accepted, lost } = await runServerKillLoop({ directory, lives, clients: 5 });
    expect(lost).toEqual([]);
    expect(accepted).toBeGreaterThanOrEqual(141);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
