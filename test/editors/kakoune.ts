import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expected, importedText, type SamplePosition, sampleFile } from './expected.ts';
import { installProgram } from './installed-program.ts';
import { codeBlock } from './page.ts';
import { findPrograms } from './programs.ts';
import { Checks, type Stage, until } from './stage.ts';
import { Terminal } from './terminal.ts';

const newName = 'inboxes';

/** Kakoune with kak-lsp, set up as docs/editors/kakoune.md says, in a terminal. */
export const kakoune: Stage = {
  name: 'kakoune',
  shows: 'the server in Kakoune with kak-lsp, set up as its page says',

  async run({ output, scratch }) {
    const programs = findPrograms(['kak-lsp', 'kak', 'tmux']);
    const { path, conversation, folder, renamed } = installProgram(scratch);
    const settings = join(scratch, '.config/kak');
    mkdirSync(settings, { recursive: true });
    mkdirSync(join(scratch, 'runtime'), { mode: 0o700 });
    writeFileSync(join(settings, 'kakrc'), codeBlock('kakoune.md', 'kak', 'kak-lsp'));
    const terminal = new Terminal([programs.kak, join(folder, sampleFile)], {
      env: {
        ...process.env,
        PATH: path,
        HOME: scratch,
        XDG_CONFIG_HOME: join(scratch, '.config'),
        XDG_RUNTIME_DIR: join(scratch, 'runtime'),
        LANG: 'C.UTF-8',
      },
      pictures: output,
      scratch,
    });
    const command = (text: string): Promise<void> => terminal.command(`:${text}`);
    const goTo = async ({ line, column }: SamplePosition): Promise<void> => {
      await terminal.settled();
      await command(`select ${line}.${column},${line}.${column}`);
      await terminal.settled();
    };
    const reference = { ...expected.blockDefinition.from, column: expected.formatted.line.length - 3 };
    const checks = new Checks();
    try {
      await checks.check('findings at their lines', async () => {
        for (const { text } of [expected.unknownDirective, expected.undefinedBlock]) {
          await until(`a mark at ${text}`, async () =>
            terminal
              .screen()
              .split('\n')
              .find((line) => line.startsWith('*') && line.includes(text)),
          );
        }
        terminal.keep('findings');
      });
      await checks.check('hover on a reference', async () => {
        await goTo(expected.referenceHover.at);
        await command('lsp-hover');
        await terminal.line('target.lmtp local_mailboxes');
        terminal.keep('hover');
      });
      await checks.check('completion of references', async () => {
        const { at } = expected.directiveCompletion;
        const { typed, label, line } = expected.referenceCompletion;
        await goTo({ line: at.line, column: 1 });
        terminal.type(`i${typed}`);
        await terminal.line(`${label} Reference`);
        terminal.keep('completion');
        terminal.press('C-n', 'Escape');
        await conversation.line(sampleFile, at.line, line);
        // Its own next question must not come between.
        await until('marks are there again', async () =>
          terminal.screen().includes(`*        deliver_to &${expected.undefinedBlock.text}`),
        );
      });
      await checks.check('quick fix', async () => {
        const { at, fix, fixedLine } = expected.undefinedBlock;
        await goTo(at);
        await command('lsp-code-actions');
        await terminal.line(`write &${fix}`);
        terminal.keep('quick-fixes');
        terminal.type(`write &${fix}`);
        terminal.press('Enter');
        await conversation.line(sampleFile, at.line, fixedLine);
      });
      await checks.check('format', async () => {
        await command('lsp-formatting');
        await conversation.line(sampleFile, expected.formatted.at.line, expected.formatted.line);
      });
      await checks.check('definition in an imported file', async () => {
        await goTo(reference);
        await command('lsp-definition');
        await terminal.line(importedText.split('\n')[0] ?? '');
        await command(`edit ${join(folder, sampleFile)}`);
        await terminal.line('hostname');
      });
      await checks.check('rename, in the imported file too', async () => {
        await goTo(reference);
        await command('lsp-rename-prompt');
        await terminal.line('New name');
        terminal.press('C-u');
        terminal.type(newName);
        terminal.press('Enter');
        await terminal.line(`&${newName}`);
        await command('write-all');
        await renamed(newName);
        terminal.keep('renamed');
      });
      await checks.check('the server ends with the editor', async () => {
        await command('quit!');
        await until('the server ends', async () => !conversation.serverRuns());
      });
    } finally {
      terminal.close();
    }
    return { checks: checks.results, figures: {} };
  },
};
