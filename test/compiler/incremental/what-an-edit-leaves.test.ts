import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('an edit leaves no earlier text behind', () => {
  const program = join(import.meta.dirname, 'kept-by-edits.ts');
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', program], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  // One text takes 150 kB.
  expect(Number(stdout)).toBeLessThan(50_000);
});
