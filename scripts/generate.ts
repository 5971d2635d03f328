// Makes what is derived from the catalog. `--check` writes nothing and fails when a committed file is out of date;
// `--built` makes only what is not committed.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { validatorFiles } from './generate/validators.ts';

/** Text by path below the repository's root. */
export type Outputs = ReadonlyMap<string, string>;

const root = join(import.meta.dirname, '..');

async function write(outputs: Outputs): Promise<void> {
  for (const [path, text] of outputs) {
    const file = join(root, path);
    if ((await readFile(file, 'utf8').catch(() => null)) === text) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

async function stale(outputs: Outputs): Promise<readonly string[]> {
  const differing: string[] = [];
  for (const [path, text] of outputs) {
    if ((await readFile(join(root, path), 'utf8').catch(() => null)) !== text) differing.push(path);
  }
  return differing;
}

// Not committed: always made, and first, because all that follows needs them. A check can run right after a clone.
await write(await validatorFiles(root));
if (!process.argv.includes('--built')) {
  const { committedFiles } = await import('./generate/committed-files.ts');
  const committed = await committedFiles();
  if (process.argv.includes('--check')) {
    const differing = await stale(committed);
    for (const path of differing) console.error(`out of date: ${path} (run npm run generate)`);
    process.exitCode = differing.length === 0 ? 0 : 1;
  } else {
    await write(committed);
  }
}
