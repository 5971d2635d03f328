import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expected, importedText, type SamplePosition, sampleFile } from './expected.ts';
import { installProgram } from './installed-program.ts';
import { codeBlock } from './page.ts';
import { findPrograms } from './programs.ts';
import { Checks, must, type Stage, until } from './stage.ts';
import { Terminal } from './terminal.ts';

const newName = 'inboxes';

/** Vim with ALE, set up as docs/editors/vim.md says, in a terminal. */
export const vim: Stage = {
  name: 'vim',
  shows: 'the server in Vim with ALE, set up as its page says',

  async run({ output, scratch }) {
    const programs = findPrograms(['vim', 'tmux', '/usr/share/vim/vimfiles/pack/dist-bundle/opt/ale']);
    const { path, conversation, folder, renamed } = installProgram(scratch);
    const settings = join(scratch, 'vimrc');
    writeFileSync(settings, codeBlock('vim.md', 'vim', 'packadd'));
    const terminal = new Terminal([programs.vim, '-N', '-u', settings, '-i', 'NONE', '-n', join(folder, sampleFile)], {
      env: { ...process.env, PATH: path, HOME: scratch, LANG: 'C.UTF-8' },
      pictures: output,
      scratch,
    });
    const command = (text: string): Promise<void> => terminal.command(`:${text}`);
    const goTo = ({ line, column }: SamplePosition): Promise<void> => command(`call cursor(${line}, ${column})`);
    const checks = new Checks();
    try {
      await checks.check('findings at their lines', async () => {
        const { unknownDirective, undefinedBlock } = expected;
        must((await terminal.line('unknown directive')).includes(unknownDirective.text), 'at another line');
        must((await terminal.line('no block named')).includes(`&${undefinedBlock.text} `), 'at another line');
        terminal.keep('findings');
      });
      await checks.check('colours', async () => {
        await command('echo synIDattr(synID(8, 1, 1), "name") synIDattr(synID(9, 17, 1), "name")');
        await terminal.line('maddyName maddyMacro');
      });
      await checks.check('hover on a reference', async () => {
        await goTo(expected.referenceHover.at);
        await command('ALEHover');
        await terminal.line(expected.referenceHover.text);
        terminal.keep('hover');
        terminal.press('Enter');
      });
      await checks.check('completion of references', async () => {
        const { at } = expected.directiveCompletion;
        await goTo({ line: at.line, column: 1 });
        terminal.type(`S${expected.referenceCompletion.typed}`);
        terminal.press('C-x', 'C-o');
        // Left on the screen by nothing but the completion.
        const { line } = expected.referenceCompletion;
        await until('it is completed', async () => terminal.screen().split('\n')[at.line - 1]?.trim() === line.trim());
        terminal.keep('completion');
        terminal.press('C-y', 'Escape');
        await conversation.line(sampleFile, at.line, line);
      });
      await checks.check('quick fix', async () => {
        const { at, fixedLine } = expected.undefinedBlock;
        await goTo(at);
        await command('ALECodeAction');
        await conversation.answer('textDocument/codeAction', expected.undefinedBlock.fix);
        await terminal.line('Type number');
        terminal.keep('quick-fixes');
        terminal.type('1');
        terminal.press('Enter');
        await conversation.line(sampleFile, at.line, fixedLine);
      });
      await checks.check('format', async () => {
        terminal.press('Escape');
        terminal.type('gggqG');
        await conversation.line(sampleFile, expected.formatted.at.line, expected.formatted.line);
      });
      await checks.check('definition in an imported file', async () => {
        await goTo({ ...expected.blockDefinition.from, column: expected.formatted.line.length - 3 });
        await command('ALEGoToDefinition');
        await terminal.line(importedText.split('\n')[0] ?? '');
        await command('buffer 1');
        await terminal.line('hostname');
      });
      await checks.check('rename, in the imported file too', async () => {
        await goTo({ ...expected.blockDefinition.from, column: expected.formatted.line.length - 3 });
        await command('ALERename');
        await terminal.line('New name');
        terminal.press('C-u');
        terminal.type(newName);
        terminal.press('Enter');
        await conversation.answer('textDocument/rename', newName);
        await terminal.line(newName);
        await command('wall');
        await renamed(newName);
        terminal.keep('renamed');
      });
      await checks.check('the server ends with the editor', async () => {
        await command('qall!');
        await until('the server ends', async () => !conversation.serverRuns());
      });
    } finally {
      terminal.close();
    }
    return { checks: checks.results, figures: {} };
  },
};
