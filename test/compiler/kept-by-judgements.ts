/**
 * Prints how many bytes an analysis leaves among V8's old objects. A program of its own: other tests change flags of V8, which
 * hold for the whole process.
 *
 *   node --expose-gc test/compiler/kept-by-judgements.ts
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapSpaceStatistics } from 'node:v8';
import { analyse } from '../../compiler/analyse.ts';
import { regexpLookup } from '../../compiler/routing/tables/regexp.ts';
import { createMemoryHost } from '../../compiler/source/memory-host.ts';

const collect = globalThis.gc;
if (collect === undefined) throw new Error('usage: node --expose-gc kept-by-judgements.ts');
const text = readFileSync(join(import.meta.dirname, '../../examples/quickstart/maddy.conf'), 'utf8');
// Until functions are compiled.
judge(collect, 30);
// What is kept by mistake is kept in all batches; V8's own work, which comes when the machine has time for it, is not.
const batches = Array.from({ length: 5 }, () => bytesOfRound(collect));
process.stdout.write(`${Math.min(...batches)}\n`);

function bytesOfRound(collect: NodeJS.GCFunction): number {
  collect({ type: 'major' });
  const before = oldBytes();
  judge(collect, 20);
  return (oldBytes() - before) / 20;
}

function judge(collect: NodeJS.GCFunction, rounds: number): void {
  for (let round = 0; round < rounds; round += 1) {
    const host = createMemoryHost({ files: new Map([['/main.conf', text + ' '.repeat(round)]]) });
    const { loadErrors } = analyse('/main.conf', host, { regexps: regexpLookup });
    if (loadErrors.length > 0) throw new Error('the example does not load');
    collect({ type: 'minor' });
  }
}

function oldBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'old_space')?.space_used_size ?? 0;
}
