/**
 * Prints how many bytes of the heap an edit of a large configuration leaves behind. A program of its own, as `kept-by-judgements.ts`.
 *
 *   node --expose-gc test/compiler/incremental/kept-by-edits.ts
 */
import { Analyser } from '../../../compiler/incremental/analyser.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';

const collect = globalThis.gc;
if (collect === undefined) throw new Error('usage: node --expose-gc kept-by-edits.ts');
const main = `hostname mx.example.org\ntls off\n${Array.from({ length: 400 }, (_, number) => endpoint(number)).join('')}`;
const blocks = [...main.matchAll(/nobody of this/g)].map(({ index }) => index);
// One block to learn what the analyser keeps of a configuration in any case, the others for what each edit adds.
const analyser = new Analyser();
edit(analyser, 0, 10);
collect({ type: 'major' });
const before = process.memoryUsage().heapUsed;
edit(analyser, 10, 60);
collect({ type: 'major' });
process.stdout.write(`${(process.memoryUsage().heapUsed - before) / 50}\n`);
// It is alive until here, with all that it keeps.
edit(analyser, 60, 61);

function endpoint(number: number): string {
  return `
smtp tcp://127.0.0.1:${10_000 + number} {
    # takes what comes for the domain number ${number}, and nothing else at all
    destination domain-number-${number}.example.org {
        deliver_to dummy
    }
    default_destination {
        reject 550 5.1.1 "nobody of this name is known at mx${number}.example.org"
    }
}
`;
}

/** Each time another block, which stays as it was edited. */
function edit(kept: Analyser, from: number, to: number): void {
  for (let count = from; count < to; count += 1) {
    let text = main;
    for (const at of blocks.slice(0, count).reverse()) text = `${text.slice(0, at)}no one${text.slice(at + 6)}`;
    // As it comes from an editor: no part of another text.
    const own = Buffer.from(text).toString('latin1');
    const host = createMemoryHost({ files: new Map([['main.conf', own]]), env: new Map() });
    kept.analyse('main.conf', host);
  }
}
