import { homedir } from 'node:os';
import {
  CustomExecution,
  commands,
  Disposable,
  type ExtensionContext,
  ProcessExecution,
  Task,
  type TaskDefinition,
  type TaskExecution,
  TaskGroup,
  TaskRevealKind,
  TaskScope,
  tasks,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Feature } from '../feature.ts';
import { chooseProgram, ownProgram, type ProgramChoice, usualName } from './own-program.ts';
import { PipeTerminal } from './pipe-terminal.ts';
import { tellReason } from './tell-reason.ts';

/** Only where there are processes: not in a browser. The tasks run the command line: an installed one, else that of the package. */

const taskType = 'maddyc';

/** Milliseconds that a server may take to end. */
const patience = 5000;

/** What a task does, by its `command`; `args` stand before the file. */
const kinds: Readonly<
  Record<string, { readonly title: string; readonly args: readonly string[]; readonly matcher: string }>
> = {
  run: { title: 'run the pipeline', args: ['run', '--warn'], matcher: '$maddyc-run' },
  try: { title: 'try', args: ['run', '--trial'], matcher: '$maddyc-run' },
  check: { title: 'check', args: ['check', '--color', 'never'], matcher: '$maddyc' },
  test: { title: 'mail tests', args: ['test', '--color', 'never'], matcher: '$maddyc-test' },
};

/** Those that run until they are stopped. */
const servers: ReadonlySet<string> = new Set(['run', 'try']);

interface MaddyTask extends TaskDefinition {
  readonly command: string;
  /** The configuration; for `test` test files or folders. Untold: what `maddyc` finds in the folder. */
  readonly file?: string;
  readonly args?: readonly string[];
}

export const runTasks: Feature = ({ context, active, server }) => {
  const pipeline = new Pipeline(context);
  const programFor = (command: string): ProgramChoice => {
    // Trials came late: an installed program may be older.
    const own = command === 'try' ? ownProgram(context.extensionPath) : null;
    return own?.ok === true ? own : chooseProgram(setting(), context.extensionPath);
  };
  const taskOf = (definition: MaddyTask) =>
    createTask(definition, programFor(definition.command), (terminal) => pipeline.see(terminal, definition.command));
  const serve = async (command: 'run' | 'try'): Promise<void> => {
    const uri = await active.find();
    if (uri === null || !(await canStart(programFor(command)))) return;
    const { chosen } = await server.mainFiles({ uri: uri.toString() });
    await workspace.saveAll(false);
    const main = Uri.parse(chosen);
    if (main.scheme !== 'file') {
      void window.showErrorMessage('Save the configuration as a file first: the mail server reads it from there.');
      return;
    }
    await pipeline.run(taskOf(definitionFor(command, main)));
  };
  // Not the same as `isWeb`: a browser may show a VS Code that runs on a server.
  void commands.executeCommand('setContext', 'maddy.canRun', true);
  context.subscriptions.push(
    pipeline,
    tasks.registerTaskProvider(taskType, {
      provideTasks: async () => {
        const files = await workspace.findFiles('**/maddy.conf', '**/node_modules/**', 20);
        return files.flatMap((uri) => Object.keys(kinds).map((command) => taskOf(definitionFor(command, uri))));
      },
      resolveTask: ({ definition }) => (isOurs(definition) ? taskOf(definition) : undefined),
    }),
    commands.registerCommand('maddy.run', () => serve('run')),
    commands.registerCommand('maddy.tryConfiguration', () => serve('try')),
    commands.registerCommand('maddy.stop', () => pipeline.stop()),
  );
};

/** The one mail server that was started here. */
class Pipeline extends Disposable {
  #running: TaskExecution | null = null;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(context: ExtensionContext) {
    super(() => this.#running?.terminate());
    context.subscriptions.push(
      tasks.onDidStartTask(({ execution }) => {
        if (isOurs(execution.task.definition) && execution.task.isBackground) this.#set(execution);
      }),
      tasks.onDidEndTask(({ execution }) => {
        if (execution === this.#running) this.#set(null);
      }),
    );
  }

  async run(task: Task): Promise<void> {
    await this.stop();
    await tasks.executeTask(task);
  }

  /** A terminal may be gone before the process is. */
  see({ ended }: PipeTerminal, command: string): void {
    this.#ended = ended;
    if (command === 'run') void ended.then((code) => (code === null || code === 0 ? undefined : offerTrial()));
  }

  /** Resolves when it has ended: its ports are free again. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    await new Promise<void>((resolve) => {
      const ended = tasks.onDidEndTask(({ execution }) => {
        if (execution !== running) return;
        ended.dispose();
        resolve();
      });
      running.terminate();
    });
    await Promise.race([this.#ended, new Promise((resolve) => setTimeout(resolve, patience))]);
  }

  #set(execution: TaskExecution | null): void {
    this.#running = execution;
    void commands.executeCommand('setContext', 'maddy.isRunning', execution !== null);
  }
}

/** What keeps a server from starting is seldom wrong in the configuration: its machine is another one. */
async function offerTrial(): Promise<void> {
  const trial = 'Try This Configuration';
  const message =
    'The mail server could not run here: the terminal says why. A trial needs none of its ports and certificates.';
  if ((await window.showWarningMessage(message, trial)) === trial) {
    await commands.executeCommand('maddy.tryConfiguration');
  }
}

function isOurs(definition: TaskDefinition): definition is MaddyTask {
  const { command } = definition;
  return definition.type === taskType && typeof command === 'string' && command in kinds;
}

function definitionFor(command: string, uri: Uri): MaddyTask {
  return { type: taskType, command, file: command === 'test' ? folderOf(uri) : uri.fsPath };
}

function createTask(definition: MaddyTask, choice: ProgramChoice, see: (terminal: PipeTerminal) => void): Task {
  const { title = definition.command, args = [], matcher = '$maddyc' } = kinds[definition.command] ?? {};
  const operands = [...(definition.args ?? []), ...(definition.file === undefined ? [] : [definition.file])];
  const name = definition.file === undefined ? title : `${title}: ${workspace.asRelativePath(definition.file)}`;
  const execution = executionOf(choice, [...args, ...operands], (terminal) => {
    if (servers.has(definition.command)) see(terminal);
  });
  const task = new Task(definition, TaskScope.Workspace, name, 'maddy', execution, matcher);
  task.presentationOptions = { reveal: TaskRevealKind.Always, clear: true };
  task.isBackground = servers.has(definition.command);
  if (definition.command === 'test') task.group = TaskGroup.Test;
  return task;
}

function executionOf(
  choice: ProgramChoice,
  args: readonly string[],
  see: (terminal: PipeTerminal) => void,
): ProcessExecution | CustomExecution {
  // One that cannot be had fails in the terminal, with its name.
  if (!choice.ok) return new ProcessExecution(setting(), [...args]);
  const { program, own } = choice;
  if (!own) return new ProcessExecution(program.command, [...args]);
  const [folder] = workspace.workspaceFolders ?? [];
  return new CustomExecution(async () => {
    const terminal = new PipeTerminal(program, args, folder?.uri.fsPath ?? homedir());
    see(terminal);
    return terminal;
  });
}

function setting(): string {
  return workspace.getConfiguration('maddy').get('program', usualName);
}

/** Says what is missing before a terminal fails with less. */
async function canStart(choice: ProgramChoice): Promise<boolean> {
  if (!workspace.isTrusted) {
    void window.showErrorMessage('A mail server is started only from a folder that you trust.');
    return false;
  }
  if (!choice.ok) await tellReason(choice);
  return choice.ok;
}

function folderOf({ fsPath }: Uri): string {
  return fsPath.slice(0, Math.max(fsPath.lastIndexOf('/'), fsPath.lastIndexOf('\\')));
}
