import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledServer } from '../bundled-server.ts';
import { expected, sampleFile } from '../expected.ts';
import { findProgram } from '../programs.ts';
import { writeSample } from '../sample.ts';
import { must, type Stage, type StageResult } from '../stage.ts';

/** Neovim with its own client, as far as its version goes. */
export const neovim: Stage = {
  name: 'neovim',
  shows: 'the server in Neovim, over standard input and output',

  async run({ scratch }) {
    const program = findProgram('nvim');
    const folder = join(scratch, 'folder');
    const expectations = join(scratch, 'expected.json');
    const result = join(scratch, 'result.json');
    writeSample(folder);
    writeFileSync(expectations, JSON.stringify({ ...expected, file: sampleFile }));
    const run = spawnSync(
      program,
      ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-S', join(import.meta.dirname, 'smoke.lua')],
      {
        env: {
          ...process.env,
          // No configuration or state of the user, and none is left.
          HOME: scratch,
          XDG_CONFIG_HOME: scratch,
          XDG_DATA_HOME: scratch,
          XDG_STATE_HOME: scratch,
          SERVER: bundledServer().join(' '),
          FOLDER: folder,
          EXPECTED: expectations,
          RESULT: result,
        },
        encoding: 'utf8',
        timeout: 60_000,
      },
    );
    must(existsSync(result), `Neovim gave no result: ${run.stderr}`);
    const written: StageResult = JSON.parse(readFileSync(result, 'utf8'));
    return written;
  },
};
