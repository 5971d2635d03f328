import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { execPath, versions } from 'node:process';
import { engines } from '../../../package.json';
import { findProgram } from './find-program.ts';

/** How a program is started; its own arguments follow `args`. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** In addition to the environment that is there. */
  readonly env: Readonly<Record<string, string>>;
}

export type ProgramChoice =
  /** `own`: the one of this package. */
  | { readonly ok: true; readonly own: boolean; readonly program: Program }
  /** `named`: the setting names a program that is not there. */
  | { readonly ok: false; readonly named: boolean; readonly message: string };

/** Of the setting `maddy.program`. */
export const usualName = 'maddyc';

/** The `maddyc` that is installed, else the one in this extension's package. */
export function chooseProgram(setting: string, extensionPath: string): ProgramChoice {
  const name = setting.trim() === '' ? usualName : setting.trim();
  const installed = findProgram(name);
  if (installed !== null) return { ok: true, own: false, program: { command: installed, args: [], env: {} } };
  if (name === usualName) return ownProgram(extensionPath);
  const message = `The setting maddy.program names "${name}", which is not there. Correct it, or empty it: then the maddyc of this extension runs.`;
  return { ok: false, named: true, message };
}

/** The one in the package, which agrees with the language server; by the Node that VS Code itself runs on. */
export function ownProgram(extensionPath: string): ProgramChoice {
  const reason = reasonAgainst(versions.node, isBuiltin('node:sqlite'));
  if (reason !== null) return { ok: false, named: false, message: reason };
  const program = {
    command: execPath,
    args: [join(extensionPath, 'dist/program/cli.cjs')],
    // Without it Electron would open a window.
    env: { ELECTRON_RUN_AS_NODE: '1' },
  };
  return { ok: true, own: true, program };
}

/** Why this Node cannot run the mail server; null when it can. */
export function reasonAgainst(version: string, hasSqlite: boolean): string | null {
  const [needed = ''] = /\d+\.\d+/.exec(engines.node) ?? [];
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  const isOld = major < neededMajor || (major === neededMajor && minor < neededMinor);
  if (!isOld && hasSqlite) return null;
  const lack = isOld
    ? `Node ${version}, and the mail server needs ${needed}`
    : 'a Node without SQLite, which the mail server needs';
  return `This VS Code has ${lack}: update VS Code, or install maddyc (npm install -g maddyc).`;
}
