import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../command.ts';

const ending = /\.mailtest\.ya?ml$/;
/** Deeper than any project; a link that leads back to its parent ends here. */
const deepest = 20;

/** Test files by path, as named or as found below named folders; in order, each once. */
export function findTestFiles(paths: readonly string[], cwd: string): readonly string[] {
  const found = new Set<string>();
  for (const path of paths.length === 0 ? ['.'] : paths) {
    const absolute = resolve(cwd, path);
    const state = statSync(absolute, { throwIfNoEntry: false });
    if (state === undefined) throw new UsageError(`${path}: no such file`);
    if (state.isFile()) found.add(path);
    else for (const file of below(absolute, path, 0)) found.add(file);
  }
  if (found.size === 0) {
    throw new UsageError(
      `no *.mailtest.yaml ${paths.length === 0 ? 'here' : `in ${paths.join(', ')}`}`,
      'maddyc test --help shows how to begin',
    );
  }
  return [...found];
}

function below(absolute: string, shown: string, depth: number): readonly string[] {
  if (depth > deepest) return [];
  const entries = readdirSync(absolute, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = shown === '.' ? entry.name : join(shown, entry.name);
    if (entry.isDirectory()) {
      return entry.name === 'node_modules' || entry.name.startsWith('.')
        ? []
        : below(join(absolute, entry.name), path, depth + 1);
    }
    return entry.isFile() && ending.test(entry.name) ? [path] : [];
  });
}
