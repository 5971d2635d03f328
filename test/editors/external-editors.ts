import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledServer } from './bundled-server.ts';
import { expected, sampleFile } from './expected.ts';
import { findProgram, type ProgramName } from './programs.ts';
import { writeSample } from './sample.ts';
import { must, type Stage, type StageFolders, type StageResult } from './stage.ts';

/** Editors that run a script of their own language and write down what they saw. */

export const neovim: Stage = {
  name: 'neovim',
  shows: 'the server in Neovim, over standard input and output',
  run: (folders) =>
    runScript('nvim', ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-S', script('neovim/smoke.lua')], folders),
};

export const emacs: Stage = {
  name: 'emacs',
  shows: 'the server in Emacs with eglot, over standard input and output',
  run: (folders) => runScript('emacs', ['-q', '--batch', '-l', script('emacs/smoke.el')], folders),
};

const script = (path: string): string => join(import.meta.dirname, path);

async function runScript(
  program: ProgramName,
  args: readonly string[],
  { scratch }: StageFolders,
): Promise<StageResult> {
  const path = findProgram(program);
  const folder = join(scratch, 'folder');
  const expectations = join(scratch, 'expected.json');
  const result = join(scratch, 'result.json');
  writeSample(folder);
  writeFileSync(expectations, JSON.stringify({ ...expected, file: sampleFile }));
  const run = spawnSync(path, args, {
    env: {
      ...process.env,
      // No configuration or state of the user, and none is left.
      HOME: scratch,
      XDG_CONFIG_HOME: scratch,
      XDG_DATA_HOME: scratch,
      XDG_STATE_HOME: scratch,
      SERVER: bundledServer().join(' '),
      FOLDER: folder,
      // What users of the editor install.
      EDITORS: join(import.meta.dirname, '../../editors'),
      EXPECTED: expectations,
      RESULT: result,
    },
    encoding: 'utf8',
    timeout: 60_000,
  });
  must(existsSync(result), `${program} gave no result: ${run.stderr}`);
  const written: StageResult = JSON.parse(readFileSync(result, 'utf8'));
  return written;
}
