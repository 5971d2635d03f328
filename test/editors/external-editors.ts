import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expected, sampleFile } from './expected.ts';
import { installProgram } from './installed-program.ts';
import { codeBlock } from './page.ts';
import { findProgram, findPrograms, findPythonTool } from './programs.ts';
import { must, type Stage, type StageFolders, type StageResult } from './stage.ts';

/** Editors that run a script of their own language and write down what they saw. */

export const neovim: Stage = {
  name: 'neovim',
  shows: 'the server in Neovim of Debian, set up as its page says',
  run: (folders) => runNeovim(findProgram('nvim'), ['runtimepath:append', 'start_client'], folders),
};

export const neovimNew: Stage = {
  name: 'neovim-new',
  shows: 'the server and the tree-sitter grammar in Neovim 0.11, set up as its page says',
  async run(folders) {
    const program = findPythonTool('neovim');
    const compile = codeBlock('neovim.md', 'sh', 'parser/maddy.so');
    execFileSync('sh', ['-e', '-c', compile], { env: { ...process.env, HOME: folders.scratch } });
    const queries = [
      ...['tree-sitter-maddy/queries', 'helix/queries/maddy', 'zed/languages/maddy'].map((folder) =>
        join(editors, folder, 'highlights.scm'),
      ),
    ].join(':');
    const setUp = ['runtimepath:append', 'vim.lsp.enable', 'vim.treesitter.start'];
    return await runNeovim(program, setUp, folders, { QUERIES: queries });
  },
};

/** By the code of the page in which these words are. */
function runNeovim(
  program: string,
  words: readonly string[],
  folders: StageFolders,
  env: Readonly<Record<string, string>> = {},
): Promise<StageResult> {
  const init = join(folders.scratch, 'init.lua');
  const lines = words.map((word) => codeBlock('neovim.md', 'lua', word)).join('\n');
  writeFileSync(init, lines);
  const args = ['--headless', '-u', init, '-i', 'NONE', '-n', '-S', script('neovim/smoke.lua')];
  return runScript(program, args, folders, env);
}

export const emacs: Stage = {
  name: 'emacs',
  shows: 'the server in Emacs with eglot, set up as its page says',
  run: (folders) => runEmacs(findProgram('emacs'), 'eglot', folders),
};

export const emacsLspMode: Stage = {
  name: 'emacs-lsp-mode',
  shows: 'the server in Emacs with lsp-mode, set up as its page says',
  run: (folders) => runEmacs(findPrograms(['emacs', '/usr/share/doc/elpa-lsp-mode']).emacs, 'lsp-mode', folders),
};

function runEmacs(program: string, client: 'eglot' | 'lsp-mode', folders: StageFolders): Promise<StageResult> {
  const setUp = join(folders.scratch, 'init.el');
  const hook = client === 'eglot' ? 'eglot-ensure' : 'lsp-deferred';
  writeFileSync(setUp, codeBlock('emacs.md', 'elisp', hook));
  return runScript(program, ['-q', '--batch', '-l', script(`emacs/${client}.el`)], folders, { SETUP: setUp });
}

const root = join(import.meta.dirname, '../..');
const editors = join(root, 'editors');
const script = (path: string): string => join(import.meta.dirname, path);

async function runScript(
  program: string,
  args: readonly string[],
  { scratch }: StageFolders,
  env: Readonly<Record<string, string>> = {},
): Promise<StageResult> {
  const { path, folder } = installProgram(scratch);
  const expectations = join(scratch, 'expected.json');
  const result = join(scratch, 'result.json');
  writeFileSync(expectations, JSON.stringify({ ...expected, file: sampleFile }));
  const run = spawnSync(program, args, {
    env: {
      ...process.env,
      PATH: path,
      // No configuration or state of the user, and none is left.
      HOME: scratch,
      XDG_CONFIG_HOME: join(scratch, '.config'),
      XDG_DATA_HOME: join(scratch, '.local/share'),
      XDG_STATE_HOME: join(scratch, '.local/state'),
      FOLDER: folder,
      EXPECTED: expectations,
      RESULT: result,
      ...env,
    },
    encoding: 'utf8',
    timeout: 60_000,
  });
  must(existsSync(result), `${program} gave no result: ${run.stderr}`);
  const written: StageResult = JSON.parse(readFileSync(result, 'utf8'));
  return written;
}
