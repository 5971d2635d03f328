import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { analyse } from '../../compiler/analyse.ts';
import { regexpLookup } from '../../compiler/routing/tables/regexp.ts';
import { createMemoryHost } from '../../compiler/source/memory-host.ts';

/**
 * In an editor every key makes a new analysis. An accessor in an object literal, or a generator function made in a function, has a
 * hidden class of its own, which V8 puts among what is old already: all that it knows would be copied by each collection and
 * stay until a full one (hundreds of kB a round).
 */
it('a judgement leaves nothing that outlives the next collection', () => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') throw new Error('no collector');
  const text = readFileSync(join(import.meta.dirname, '../../examples/quickstart/maddy.conf'), 'utf8');
  const judge = (rounds: number): void => {
    for (let round = 0; round < rounds; round += 1) {
      const host = createMemoryHost({ files: new Map([['/main.conf', text + ' '.repeat(round)]]) });
      expect(analyse('/main.conf', host, { regexps: regexpLookup }).loadErrors).toEqual([]);
      collect({ type: 'minor' });
    }
  };
  // Until functions are compiled.
  judge(30);
  const bytesOfRound = (): number => {
    collect({ type: 'major' });
    const before = oldBytes();
    judge(20);
    return (oldBytes() - before) / 20;
  };
  // What is kept by mistake is kept in all of them; V8's own work, which comes when the machine has time for it, is not.
  expect(Math.min(...Array.from({ length: 5 }, bytesOfRound))).toBeLessThan(60_000);
});

function oldBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'old_space')?.space_used_size ?? 0;
}
