// `npm run bench:check`: a full check, warm and first, of one file, and of a thousand in one run of the command line. Each measurement has a
// process of its own; "per loop" is in units of a fixed calculation, which compares between machines.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyse } from '../compiler/analyse.ts';
import { createMemoryHost } from '../compiler/source/memory-host.ts';
import { calibrate } from './calibrate.ts';
import { generateConfiguration } from './generate-configuration.ts';

/** Upper bounds in ms. */
const goals: Readonly<Record<string, number>> = { 'warm 4000': 5, 'warm 1000000': 250, 'first 1000000': 250 };
const mostMillisecondsPerFile = 1000 / 200;

const sizes = [4_000, 100_000, 1_000_000];
/** Until V8 has compiled what runs often; what is measured after it is warm. */
const runsToWarmUp = 10;
const files = 1000;

interface Measured {
  readonly first: number;
  readonly warm: number;
  readonly findings: number;
}

function measure(size: number): Measured {
  const configuration = generateConfiguration(size);
  const times: number[] = [];
  let findings = 0;
  for (let run = 0; run < runsToWarmUp + Math.max(20, Math.min(200, 4e6 / size)); run += 1) {
    const start = performance.now();
    findings = analyse('main.conf', createMemoryHost({ files: configuration.files, env: new Map() })).diagnostics
      .length;
    times.push(performance.now() - start);
  }
  const warm = times.slice(runsToWarmUp).toSorted((a, b) => a - b);
  return { first: times[0] ?? Number.NaN, warm: warm[Math.floor(warm.length / 2)] ?? Number.NaN, findings };
}

function measureApart(size: number): Measured {
  const { stdout, stderr, status } = spawnSync(process.execPath, [import.meta.filename, String(size)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${size}: ${stderr}`);
  const measured: Measured = JSON.parse(stdout);
  return measured;
}

/** The whole process: start, finding the files, reading, judging, telling. */
function measureFolder(): number {
  const folder = mkdtempSync(join(tmpdir(), 'maddyc-bench-'));
  try {
    const { main, files: all } = generateConfiguration(4000);
    for (let index = 0; index < files; index += 1) {
      const host = join(folder, `host${index}`);
      mkdirSync(host);
      writeFileSync(join(host, 'maddy.conf'), main);
      writeFileSync(join(host, 'common.conf'), all.get('common.conf') ?? '');
    }
    const program = join(import.meta.dirname, '../bin/maddyc.cjs');
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [program, 'check', '--format', 'gitlab', folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0 && status !== 1) throw new Error(stderr);
    return performance.now() - start;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function line(name: string, milliseconds: number, loop: number, note: string): string {
  const goal = goals[name];
  const met = goal === undefined ? '' : milliseconds <= goal ? `met (${goal} ms)` : `MISSED (${goal} ms)`;
  return `${name.padEnd(16)} ${milliseconds.toFixed(2).padStart(9)} ms ${(milliseconds / loop).toFixed(2).padStart(8)} per loop  ${note} ${met}\n`;
}

function report(): void {
  const loop = calibrate();
  process.stdout.write(`calibration loop: ${loop.toFixed(1)} ms\n\n`);
  for (const size of sizes) {
    const { first, warm, findings } = measureApart(size);
    process.stdout.write(line(`first ${size}`, first, loop, `${findings} findings`));
    process.stdout.write(line(`warm ${size}`, warm, loop, `${findings} findings`));
  }
  const milliseconds = measureFolder();
  const met = milliseconds / files <= mostMillisecondsPerFile ? 'met' : 'MISSED';
  const perSecond = (files / milliseconds) * 1000;
  process.stdout.write(line(`${files} files`, milliseconds, loop, `${perSecond.toFixed(0)} files/s ${met} (200)`));
}

const [size] = process.argv.slice(2);
if (size === undefined) report();
else process.stdout.write(JSON.stringify(measure(Number(size))));
