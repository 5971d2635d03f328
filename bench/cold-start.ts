// `npm run bench:cold`: a cold `check` of a 4 kB configuration from the built package, against an empty Node, in turn.
// Prints whole-process times and the ratio; build first (npm run build).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const [file = join(root, 'examples', 'dovecot', 'submission-and-lmtp.conf'), runs = '40'] = process.argv.slice(2);
const program = join(root, 'bin', 'maddyc.cjs');
if (!existsSync(join(root, 'dist', 'cli.cjs'))) throw new Error('no dist/: npm run build');

const commands = {
  'node -e 0': ['-e', '0'],
  'maddyc check': [program, 'check', file],
  'maddyc version': [program, 'version'],
};
const times = Object.fromEntries(Object.keys(commands).map((name): [string, number[]] => [name, []]));
// The first run of each fills the compile cache.
for (let run = 0; run <= Number(runs); run += 1) {
  for (const [name, args] of Object.entries(commands)) {
    const started = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`${name}: exit code ${status}`);
    if (run > 0) times[name]?.push(performance.now() - started);
  }
}

const [base] = Object.values(times);
for (const [name, measured] of Object.entries(times)) {
  const ratio = quantile(measured, 0.5) / quantile(base ?? [], 0.5);
  console.log(
    `${name.padEnd(16)} min ${quantile(measured, 0).toFixed(1)}  median ${quantile(measured, 0.5).toFixed(1)} ms  ${ratio.toFixed(2)} x node`,
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}
