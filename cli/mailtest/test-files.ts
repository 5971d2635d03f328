import { join } from 'node:path';
import { UsageError } from '../command.ts';
import type { Io } from '../io.ts';
import { entriesIn, stateOfNamed } from '../named-path.ts';

const ending = /\.mailtest\.ya?ml$/;
/** Deeper than any project; a link that leads back to its parent ends here. */
const deepest = 20;

/** Test files by path, as named or as found below named folders; in order, each once. */
export function findTestFiles(paths: readonly string[], io: Io): readonly string[] {
  const found = new Set<string>();
  for (const path of paths.length === 0 ? ['.'] : paths) {
    const state = stateOfNamed(path, io.cwd);
    if (state === null) throw new UsageError(`${path}: no such file or directory`);
    if (state.isFile()) found.add(path);
    else for (const file of below(path, io, 0)) found.add(file);
  }
  if (found.size === 0) {
    throw new UsageError(
      `no *.mailtest.yaml ${paths.length === 0 ? 'here' : `in ${paths.join(', ')}`}`,
      'maddyc test --help shows how to begin',
    );
  }
  return [...found];
}

function below(folder: string, io: Io, depth: number): readonly string[] {
  if (depth > deepest) return [];
  return entriesIn(folder, io).flatMap((entry) => {
    const path = folder === '.' ? entry.name : join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : below(path, io, depth + 1);
    }
    return entry.isFile() && ending.test(entry.name) ? [path] : [];
  });
}
