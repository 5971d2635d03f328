import { relative, resolve, sep } from 'node:path';
import type { Io } from '../io.ts';

/** Turns a path as it was given into one below the root of what CI checked out, else below the working directory. */
export function repositoryPaths({ env, cwd }: Io): (path: string) => string {
  const checkout = env.GITHUB_WORKSPACE ?? env.CI_PROJECT_DIR;
  const root = checkout !== undefined && isInside(cwd, checkout) ? checkout : cwd;
  return pathsBelow(root, cwd);
}

/** With slashes on every system. What lies elsewhere keeps its whole path. */
export function pathsBelow(root: string, cwd: string): (path: string) => string {
  return (path) => {
    if (path === '-') return 'stdin';
    const absolute = resolve(cwd, path);
    const shown = isInside(absolute, root) ? relative(root, absolute) : absolute;
    return shown.split(sep).join('/');
  };
}

function isInside(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below !== '..' && !below.startsWith(`..${sep}`) && below !== path;
}
