/**
 * Tries the packaged extension and the bundled server in real editors.
 *
 *   npm run test:editors                 every stage
 *   npm run test:editors -- probe web    only these
 *   npm run test:editors -- --list
 *   npm run test:editors -- web web-tour server-tour server-run --pictures   and puts screenshots into the extension's README and walkthrough
 *
 * Screenshots and logs: test/editors/output/STAGE. A stage whose editor cannot be had here is skipped, with the reason.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptOptions } from '../kit/script-options.ts';
import { emacs, emacsLspMode, neovim, neovimNew } from './external-editors.ts';
import { kakoune } from './kakoune.ts';
import { kate } from './kate.ts';
import { endLeftovers } from './leftovers.ts';
import { withPalette } from './palette-png.ts';
import { probe } from './probe-stage.ts';
import { type Stage, Unavailable } from './stage.ts';
import { vim } from './vim.ts';
import {
  vscodeServer,
  vscodeServerDefault,
  vscodeServerHost,
  vscodeServerNewcomer,
  vscodeServerRestricted,
  vscodeServerRun,
  vscodeServerTour,
  vscodeServerTrial,
  vscodeWeb,
  vscodeWebHost,
  vscodeWebTour,
} from './vscode/stages.ts';

/** One after the other: a browser and VS Code take 1.5 GB and both of a small machine's processors. */
const stages: readonly Stage[] = [
  ...[probe, neovim, neovimNew, emacs, emacsLspMode, kate, vim, kakoune],
  ...[vscodeWeb, vscodeWebTour, vscodeWebHost],
  ...[
    vscodeServer,
    vscodeServerTrial,
    vscodeServerTour,
    vscodeServerDefault,
    vscodeServerNewcomer,
    vscodeServerRun,
    vscodeServerRestricted,
    vscodeServerHost,
  ],
];

/** What the extension's README and walkthrough show, and the stage that makes it. */
const shownPictures = [
  ['web', 'quick-fix-menu'],
  ['web-tour', 'graph'],
  ['web-tour', 'route'],
  ['server-tour', 'send'],
  ['server-run', 'try'],
  ['server-tour', 'tests-difference'],
  ['web-tour', 'migrate'],
] as const;
const walkthrough = join(import.meta.dirname, '../../vscode-extension/walkthrough');

const { values, positionals } = scriptOptions({
  options: { list: { type: 'boolean', default: false }, pictures: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (values.list) {
  for (const { name, shows } of stages) console.log(`${name.padEnd(12)} ${shows}`);
  process.exit(0);
}
const unknown = positionals.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`no such stage: ${unknown.join(', ')} (--list shows them)`);
  process.exit(2);
}

// What is tried is what was just built; without vsce there is no package, and its stages say so.
const packing = spawnSync(process.execPath, [join(import.meta.dirname, '../../scripts/package-vscode.ts')], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (packing.status !== 0) console.log('the extension could not be packaged');

/** Scratch folder of the stage that runs: VS Code is a process group of its own, and outlives who is interrupted. */
let running: string | null = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    if (running !== null) {
      await endLeftovers(running, 0);
      rmSync(running, { recursive: true, force: true, maxRetries: 5 });
    }
    process.exit(1);
  });
}

let passed = 0;
let failed = 0;
let skipped = 0;
for (const stage of stages) {
  if (positionals.length > 0 && !positionals.includes(stage.name)) continue;
  const output = join(import.meta.dirname, 'output', stage.name);
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), `maddyc-${stage.name}-`));
  running = scratch;
  const start = performance.now();
  try {
    const { checks, figures } = await stage.run({ output, scratch });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${stage.name}: ${seconds} s`);
    for (const { name, fault, milliseconds } of checks) {
      console.log(
        fault === null ? `  ok      ${name} (${Math.round(milliseconds)} ms)` : `  FAILED  ${name}: ${fault}`,
      );
      if (fault === null) passed += 1;
      else failed += 1;
    }
    for (const [name, figure] of Object.entries(figures))
      console.log(`          ${name}: ${Math.round(figure * 10) / 10}`);
    writeFileSync(
      join(output, 'result.json'),
      `${JSON.stringify({ seconds: Number(seconds), checks, figures }, null, 2)}\n`,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof Unavailable) {
      skipped += 1;
      console.log(`${stage.name}: skipped, ${reason}`);
    } else {
      failed += 1;
      console.log(`${stage.name}: could not run: ${reason}`);
    }
  } finally {
    for (const { id, command } of await endLeftovers(scratch)) {
      failed += 1;
      console.log(`  FAILED  it left a process running (${id}): ${command}`);
    }
    rmSync(scratch, { recursive: true, force: true });
  }
}
if (values.pictures) {
  for (const [stage, name] of shownPictures) {
    const taken = readFileSync(join(import.meta.dirname, 'output', stage, `${name}.png`));
    writeFileSync(join(walkthrough, `${name}.png`), withPalette(taken));
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} stages skipped`);
process.exit(failed === 0 ? 0 : 1);
