import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expand } from '../compiler/expand/expand.ts';
import { createMemoryHost } from '../compiler/source/memory-host.ts';
import { format } from '../grammar/format/format.ts';
import { lex } from '../grammar/lexer.ts';
import { parse } from '../grammar/parse.ts';
import { calibrate } from './calibrate.ts';
import { type GeneratedConfiguration, generateConfiguration } from './generate-configuration.ts';

/**
 * `npm run bench:language`: speed and memory of reading the language. Each measurement has a process of its own, so that its
 * memory is its own (peak of one run, above what the text itself takes); "per loop" is the time for 1 MB in units of a fixed calculation, which compares between machines.
 */

type Stage = 'lex' | 'tree' | 'broken tree' | 'expand' | 'format';

const stages: Readonly<Record<Stage, (configuration: GeneratedConfiguration) => unknown>> = {
  lex: ({ main }) => lex(main),
  tree: ({ main }) => parse(main),
  'broken tree': ({ main }) => parse(`${main}check {\n`),
  expand: ({ files }) => expand('main.conf', createMemoryHost({ files, env: new Map([['RELAY_PASSWORD', 'secret']]) })),
  format: ({ main }) => format(main),
};

/** Upper bounds in ms for the middle run. */
const goals: ReadonlyMap<string, number> = new Map([
  ['tree 1000000', 80],
  ['expand 1000000', 90],
  ['tree 4000', 0.5],
  ['expand 4000', 0.5],
]);

const sizes = [4_000, 100_000, 1_000_000, 10_000_000];

interface Measured {
  readonly size: number;
  readonly best: number;
  readonly middle: number;
  readonly peakMegabytes: number;
}

function measure(stage: Stage, size: number, runs: number): Measured {
  const configuration = generateConfiguration(size);
  const before = process.resourceUsage().maxRSS;
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    stages[stage](configuration);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return {
    size: configuration.main.length,
    best: times[0] ?? 0,
    middle: times[Math.floor(times.length / 2)] ?? 0,
    peakMegabytes: (process.resourceUsage().maxRSS - before) / 1024,
  };
}

/** Times of many runs, and the memory that a single one takes. */
function measureBoth(stage: Stage, size: number): Measured {
  const runs = Math.max(3, Math.min(200, Math.round(2e7 / size)));
  return { ...measureApart(stage, size, runs), peakMegabytes: measureApart(stage, size, 1).peakMegabytes };
}

function measureApart(stage: Stage, size: number, runs: number): Measured {
  const args = [fileURLToPath(import.meta.url), stage, String(size), String(runs)];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${stage} ${size}: ${stderr}`);
  const measured: Measured = JSON.parse(stdout);
  return measured;
}

function isStage(name: string | undefined): name is Stage {
  return name !== undefined && Object.hasOwn(stages, name);
}

function report(): void {
  const loop = calibrate();
  process.stdout.write(`calibration loop: ${loop.toFixed(1)} ms\n\n`);
  process.stdout.write('stage        size      best ms   middle ms    MB/s  per loop  peak MB  growth   goal\n');
  for (const stage of Object.keys(stages).filter(isStage)) {
    let previous: Measured | null = null;
    for (const size of sizes) {
      const measured = measureBoth(stage, size);
      process.stdout.write(`${lineOf(stage, size, measured, previous, loop)}\n`);
      previous = measured;
    }
  }
}

/** Growth: how many times longer than the size before, for each time larger; 1.0 is linear. */
function lineOf(stage: Stage, size: number, measured: Measured, previous: Measured | null, loop: number): string {
  const { best, middle, peakMegabytes } = measured;
  const megabytes = measured.size / 1e6;
  const growth = previous === null ? '' : (best / previous.best / (measured.size / previous.size)).toFixed(2);
  const goal = goals.get(`${stage} ${size}`);
  const met = goal === undefined ? '' : `${middle <= goal ? 'met' : 'MISSED'} (${goal} ms)`;
  return [
    stage.padEnd(12),
    String(size).padEnd(9),
    best.toFixed(2).padStart(8),
    middle.toFixed(2).padStart(11),
    (megabytes / (best / 1000)).toFixed(1).padStart(8),
    (best / megabytes / loop).toFixed(2).padStart(9),
    peakMegabytes.toFixed(0).padStart(8),
    growth.padStart(7),
    `  ${met}`,
  ].join(' ');
}

const [stage, size, runs] = process.argv.slice(2);
if (isStage(stage)) process.stdout.write(JSON.stringify(measure(stage, Number(size), Number(runs))));
else report();
