import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { faults } from '../faults/faults.ts';

/** Short forms of `npm run test:faults`, through a whole server. */
describe.concurrent('whatever goes wrong, everybody who was accepted gets mail or is told of', () => {
  for (const { name, says, missing, run } of faults) {
    const reason = missing?.() ?? null;
    const title = reason === null ? `${name}: ${says}` : `${name} [skipped: ${reason}]`;
    test.skipIf(reason !== null)(title, { timeout: 180_000 }, async () => {
      const directory = mkdtempSync(join(tmpdir(), 'maddyc-faults-'));
      try {
        const { accepted, delivered, bounced, doubled, lost, refused } = await run({
          directory,
          messages: 25,
          rounds: 1,
        });
        console.log(
          `${name}: ${JSON.stringify({ accepted, delivered, bounced, lost: lost.length, doubled, refused })}`,
        );
        expect(lost).toEqual([]);
        expect(accepted).toBeGreaterThan(0);
        expect(bounced).toBeGreaterThan(0);
        expect(delivered + bounced).toBe(accepted);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    });
  }
});
