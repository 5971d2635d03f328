import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { locateSettings, settingsName } from '../../compiler/settings/locate.ts';
import { isMainByName, listens } from '../../compiler/settings/main-files.ts';
import { readSettings } from '../../compiler/settings/read-settings.ts';
import { UsageError } from '../command.ts';
import { DiskHost } from '../disk-host.ts';
import type { Io } from '../io.ts';
import { entriesIn, stateOfNamed } from '../named-path.ts';
import type { Input } from './inputs.ts';

/** Configurations in a folder, or that a pattern (`*`, `**`, `?`, `[…]`, `{…}`) names. Throws UsageError when there are none. */
export function inputsIn(operand: string, io: Io): readonly Input[] {
  const { cwd } = io;
  if (stateOfNamed(operand, cwd)?.isDirectory() === true) {
    const found = mainFilesBelow(operand, io, mainFilesOfProject(resolve(cwd, operand)));
    if (found.length === 0) {
      throw new UsageError(
        `no configuration below ${operand}`,
        'a configuration is named maddy.conf or *.maddy, listens somewhere, or stands in "mainFiles" of maddyc.json',
      );
    }
    return found.map((path) => ({ path, isNamed: false }));
  }
  const matched = filesMatching(operand, cwd);
  if (matched.length === 0) throw new UsageError(`${operand}: no file has such a name`);
  return matched.map((path) => ({ path, isNamed: true }));
}

function filesMatching(pattern: string, cwd: string): readonly string[] {
  const isHidden = (name: string): boolean =>
    name === 'node_modules' || (name.startsWith('.') && /^\.[^./]/.test(name));
  return globSync(pattern, { cwd, withFileTypes: true, exclude: (entry) => isHidden(entry.name) })
    .filter((entry) => entry.isFile())
    .map((entry) => shownPath(join(entry.parentPath, entry.name), pattern, cwd))
    .sort();
}

/** As the caller would have written it. */
function shownPath(path: string, pattern: string, cwd: string): string {
  if (pattern.startsWith('/')) return path;
  const shown = relative(cwd, path);
  return pattern.startsWith('./') ? `./${shown}` : shown;
}

/** Absolute paths that the project's settings name; null when they leave it to the names of the files. */
type MainFiles = ReadonlySet<string> | null;

function mainFilesOfProject(folder: string): MainFiles {
  const { file } = locateSettings(join(folder, 'maddy.conf'), new DiskHost(folder, {}));
  return file === null ? null : mainFilesNamed(file.path);
}

function mainFilesNamed(settings: string): MainFiles {
  const { file } = locateSettings(settings, new DiskHost(dirname(settings), {}));
  const patterns = file === null ? [] : readSettings(file).settings.mainFiles;
  if (patterns.length === 0) return null;
  const directory = dirname(settings);
  return new Set(
    patterns.flatMap((pattern) => filesMatching(pattern, directory).map((path) => resolve(directory, path))),
  );
}

function mainFilesBelow(folder: string, io: Io, ofProject: MainFiles): readonly string[] {
  const { cwd } = io;
  const entries = entriesIn(folder, io);
  const settings = entries.find((entry) => entry.name === settingsName);
  const named = settings === undefined ? ofProject : mainFilesNamed(resolve(cwd, folder, settingsName));
  return entries.flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return mainFilesBelow(path, io, named);
    if (!entry.isFile()) return [];
    const absolute = resolve(cwd, path);
    return (named === null ? looksLikeMain(entry.name, absolute) : named.has(absolute)) ? [path] : [];
  });
}

function looksLikeMain(name: string, path: string): boolean {
  return isMainByName(name) ?? listensAt(path);
}

function listensAt(path: string): boolean {
  try {
    return listens(readFileSync(path, 'utf8'));
  } catch {
    return false;
  }
}
