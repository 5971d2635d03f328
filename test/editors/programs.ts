import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canInstallPackages, installPackages } from '../kit/debian.ts';
import { installTool, type ToolName } from '../kit/tools.ts';
import { Unavailable } from './stage.ts';

/** Debian packages of each editor, and the command that they bring. */
const programs = {
  chromium: ['chromium'],
  nvim: ['neovim'],
  emacs: ['emacs-nox', 'elpa-eglot'],
} as const;

export type ProgramName = keyof typeof programs;

/** Path of the program, installed when it is missing and can be. */
export function findProgram(command: ProgramName): string {
  const found = search(command);
  if (found !== null) return found;
  if (!canInstallPackages()) {
    throw new Unavailable(
      `${command} is not there, and only root on Debian can install it (${programs[command].join(' ')})`,
    );
  }
  process.stderr.write(`installing ${programs[command].join(' ')}\n`);
  try {
    installPackages(programs[command]);
  } catch (error) {
    throw new Unavailable(`${command} could not be installed: ${firstLine(error)}`);
  }
  const installed = search(command);
  if (installed === null) throw new Unavailable(`${command} is not in PATH after its installation`);
  return installed;
}

export function findTool(name: ToolName): string {
  try {
    return installTool(name);
  } catch (error) {
    throw new Unavailable(`${name} could not be fetched from the npm registry: ${firstLine(error)}`);
  }
}

function search(command: string): string | null {
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
