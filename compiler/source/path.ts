/** Paths as maddy joins them: `/` only, cleaned by their letters without a look at the disk. */

/** Shortest equal path: no `.`, no inner `..`, no doubled or trailing `/`; the empty path is `.`. */
export function cleanPath(path: string): string {
  const isAbsolute = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!isAbsolute) kept.push('..');
  }
  const joined = kept.join('/');
  if (isAbsolute) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : cleanPath(path.slice(0, slash + 1));
}

/** `name` as seen from `directory`; an absolute name stays as it is written. */
export function resolvePath(directory: string, name: string): string {
  return name.startsWith('/') ? name : cleanPath(`${directory}/${name}`);
}
