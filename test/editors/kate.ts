import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticSeverity } from 'vscode-languageserver/node';
import type { Conversation } from './conversation.ts';
import { Desktop } from './desktop.ts';
import { expected, importedFile, type SamplePosition, sampleFile, sampleText } from './expected.ts';
import { type InstalledProgram, installProgram } from './installed-program.ts';
import { codeBlock } from './page.ts';
import { findPrograms } from './programs.ts';
import { Checks, must, pause, type Stage, type StageFolders, type StageResult, until } from './stage.ts';

/** Lines with errors have this background in the theme that Kate has without settings. */
const errorBackground = '#FFE5E5';
const newName = 'inboxes';

/** Kate set up as docs/editors/kate.md says, on a screen of its own, with keys of a keyboard. */
export const kate: Stage = {
  name: 'kate',
  shows: 'the server in Kate, set up as its page says',

  async run(folders) {
    const programs = findPrograms(['kate', 'Xvfb', 'xdotool', 'import']);
    const desktop = await Desktop.open(folders.output);
    try {
      return await runKate(programs.kate, desktop, folders);
    } finally {
      desktop.close();
    }
  },
};

async function runKate(kate: string, desktop: Desktop, { scratch }: StageFolders): Promise<StageResult> {
  const program = installProgram(scratch);
  const { path, folder } = program;
  const { DBUS_SESSION_BUS_ADDRESS: _, WAYLAND_DISPLAY: __, ...rest } = process.env;
  const env = {
    ...rest,
    PATH: path,
    HOME: scratch,
    XDG_CONFIG_HOME: join(scratch, '.config'),
    XDG_DATA_HOME: join(scratch, '.local/share'),
    XDG_CACHE_HOME: join(scratch, '.cache'),
    XDG_RUNTIME_DIR: join(scratch, 'runtime'),
    QT_QPA_PLATFORM: 'xcb',
    LANG: 'C.UTF-8',
    LANGUAGE: 'en',
    DISPLAY: desktop.display,
  };
  mkdirSync(env.XDG_RUNTIME_DIR, { mode: 0o700 });
  setUp(env);
  const editor = spawn(kate, ['--new', join(folder, sampleFile)], { env, stdio: 'ignore' });
  try {
    const checks = new Checks();
    await new KateSession(desktop, program, editor).check(checks);
    return { checks: checks.results, figures: {} };
  } finally {
    editor.kill();
  }
}

/** What the page tells to do; its dialogs write these two files. */
function setUp(env: NodeJS.ProcessEnv & { readonly XDG_CONFIG_HOME: string; readonly HOME: string }): void {
  // The package where `npm root -g` says: with colours only, the program is in PATH.
  const modules = join(env.HOME, 'lib/node_modules');
  mkdirSync(modules, { recursive: true });
  execFileSync('ln', ['-s', join(import.meta.dirname, '../..'), join(modules, 'maddyc')]);
  execFileSync('sh', ['-e', '-c', codeBlock('kate.md', 'sh', 'syntax-highlighting')], {
    env: { ...env, npm_config_prefix: env.HOME },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const settings = join(env.XDG_CONFIG_HOME, 'kate/lspclient');
  mkdirSync(settings, { recursive: true });
  writeFileSync(join(env.XDG_CONFIG_HOME, 'katerc'), '[Kate Plugins]\nlspclientplugin=true\n');
  writeFileSync(join(settings, 'settings.json'), codeBlock('kate.md', 'json', 'servers'));
}

class KateSession {
  readonly #desktop: Desktop;
  readonly #conversation: Conversation;
  readonly #program: InstalledProgram;
  readonly #editor: ChildProcess;

  constructor(desktop: Desktop, program: InstalledProgram, editor: ChildProcess) {
    this.#desktop = desktop;
    this.#program = program;
    this.#conversation = program.conversation;
    this.#editor = editor;
  }

  async check(checks: Checks): Promise<void> {
    const started = await checks.check('asks whether the server may be started, and starts it', () => this.#start());
    if (!started) return;
    await checks.check('findings at their lines, and coloured', () => this.#seeFindings());
    await checks.check('outline', async () => {
      const outline = await this.#conversation.answer('textDocument/documentSymbol', expected.outline[0]);
      for (const name of expected.outline) must(outline.includes(name), `missing: ${name}`);
    });
    await checks.check('hover on a reference', () => this.#hover());
    await checks.check('completion of directives', () => this.#completeDirective());
    await checks.check('completion of references', () => this.#completeReference());
    await checks.check('quick fix', () => this.#fix());
    await checks.check('finding goes when its cause does', () => this.#removeCause());
    await checks.check('format', () => this.#format());
    await checks.check('definition in an imported file', () => this.#findDefinition());
    await checks.check('rename, in the imported file too', () => this.#rename());
    await checks.check('the server ends with the editor', () => this.#quit());
  }

  async #start(): Promise<void> {
    await this.#desktop.focus('LSP server start requested');
    this.#desktop.picture('leave-to-start');
    must(this.#desktop.points(errorBackground) === 0, 'the background of errors is there before the server');
    await this.#desktop.press('Return');
    await this.#conversation.answer('initialize', 'maddyc');
    await until('the file is opened', async () => this.#conversation.text(sampleFile));
    await this.#desktop.fill(sampleFile);
  }

  async #seeFindings(): Promise<void> {
    for (const { at, text } of [expected.unknownDirective, expected.undefinedBlock]) {
      const finding = await this.#finding(text);
      must(finding.range.start.line + 1 === at.line, `line ${finding.range.start.line + 1}`);
    }
    // More than a line of it, but for its words.
    await until('lines are coloured', async () => this.#desktop.points(errorBackground) > 20_000);
    this.#desktop.picture('findings');
  }

  #finding(text: string) {
    const find = async () => this.#conversation.findings(sampleFile).find(({ message }) => message.includes(text));
    return until(`a finding with ${text}`, find);
  }

  async #goTo({ line, column }: SamplePosition): Promise<void> {
    await this.#desktop.press('Escape', 'ctrl+g');
    await this.#desktop.type(String(line));
    await this.#desktop.press('Return');
    await this.#desktop.repeat('Right', column - 1);
  }

  /** An entry of the menu of the language client, by its underlined letter. */
  async #choose(letter: string): Promise<void> {
    await this.#desktop.press('alt+l', letter);
  }

  /** What an action shows over the text is a window. */
  async #shown(picture: string, act: () => Promise<void>): Promise<void> {
    const before = new Set(this.#desktop.windows());
    await act();
    await until('something is shown', async () => this.#desktop.windows().some((window) => !before.has(window)));
    this.#desktop.picture(picture);
  }

  async #hover(): Promise<void> {
    await this.#goTo(expected.referenceHover.at);
    await this.#shown('hover', async () => {
      await this.#choose('y');
      await this.#conversation.answer('textDocument/hover', expected.referenceHover.text);
    });
  }

  async #completeDirective(): Promise<void> {
    const { at, label } = expected.directiveCompletion;
    await this.#goTo({ line: at.line, column: 1 });
    await this.#shown('completion-of-directives', async () => {
      await this.#desktop.type(`        ${label.slice(0, 3)}`);
      await this.#conversation.answer('textDocument/completion', `"label":"${label}"`);
    });
    await this.#desktop.press('Escape', 'Home', 'Home', 'shift+End', 'Delete');
    await this.#conversation.line(sampleFile, at.line, '');
  }

  async #completeReference(): Promise<void> {
    const { at } = expected.directiveCompletion;
    const { typed, label, line } = expected.referenceCompletion;
    await this.#goTo({ line: at.line, column: 1 });
    await this.#shown('completion-of-references', async () => {
      await this.#desktop.type(typed);
      await this.#conversation.answer('textDocument/completion', `"label":"${label}"`);
    });
    await this.#desktop.press('Return');
    await this.#conversation.line(sampleFile, at.line, line);
  }

  async #fix(): Promise<void> {
    const { at, fixedLine } = expected.undefinedBlock;
    await this.#goTo(at);
    await this.#shown('code-actions', async () => {
      await this.#desktop.press('alt+Return');
      await this.#conversation.answer('textDocument/codeAction', expected.undefinedBlock.fix);
      // The menu is filled when the answer has come.
      await pause(500);
    });
    await this.#desktop.press('Escape', 'ctrl+period');
    await this.#conversation.line(sampleFile, at.line, fixedLine);
    // It applies what it gets: there must not be more than one.
    const lines = this.#conversation.text(sampleFile)?.split('\n').length;
    must(lines === sampleText.split('\n').length, `${lines} lines`);
  }

  async #removeCause(): Promise<void> {
    await this.#goTo(expected.unknownDirective.at);
    await this.#desktop.press('ctrl+k');
    const { text } = expected.unknownDirective;
    await until(
      'the finding goes',
      async () => !this.#conversation.findings(sampleFile).some(({ message }) => message.includes(text)),
    );
  }

  async #format(): Promise<void> {
    await this.#goTo(expected.formatted.at);
    await this.#desktop.press('ctrl+t', 'f');
    await this.#conversation.line(sampleFile, expected.formatted.at.line, expected.formatted.line);
    this.#desktop.picture('formatted');
  }

  async #findDefinition(): Promise<void> {
    await this.#goTo({ ...expected.blockDefinition.from, column: expected.formatted.line.length - 3 });
    await this.#choose('g');
    await this.#desktop.window(importedFile);
    this.#desktop.picture('definition');
    await this.#desktop.press('alt+Left');
    await this.#desktop.window(sampleFile);
  }

  async #rename(): Promise<void> {
    await this.#goTo({ ...expected.blockDefinition.from, column: expected.formatted.line.length - 3 });
    await this.#desktop.press('F2');
    await this.#desktop.focus('Rename');
    await this.#desktop.press('ctrl+a');
    await this.#desktop.type(newName);
    await this.#desktop.press('Return');
    await this.#conversation.answer('textDocument/rename', newName);
    await this.#desktop.focus(sampleFile);
    await this.#desktop.press('ctrl+l');
    await this.#program.renamed(newName);
    // The server is told of one of them alone.
    await until('no error is left', async () =>
      this.#conversation.findings(sampleFile).every(({ severity }) => severity !== DiagnosticSeverity.Error),
    );
    this.#desktop.picture('renamed');
  }

  async #quit(): Promise<void> {
    await this.#desktop.press('ctrl+q');
    await until('the server ends', async () => !this.#conversation.serverRuns());
    await until('Kate ends', async () => this.#editor.exitCode !== null);
  }
}
