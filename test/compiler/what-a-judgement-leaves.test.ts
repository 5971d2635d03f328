import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/**
 * In an editor every key makes a new analysis. An accessor in an object literal, or a generator function made in a function, has a
 * hidden class of its own, which V8 puts among what is old already: all that it knows would be copied by each collection and
 * stay until a full one (hundreds of kB a round).
 */
it('a judgement leaves nothing that outlives the next collection', async () => {
  const program = join(import.meta.dirname, 'kept-by-judgements.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program]);
  expect(Number.parseFloat(stdout)).toBeLessThan(60_000);
});
