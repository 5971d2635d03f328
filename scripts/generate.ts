// Makes what is derived from the catalog. `--check` writes nothing and fails when a committed file is out of date;
// `--built` makes only what is not committed.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commandPages } from './generate/command-pages.ts';
import { mailTestSchemaFile } from './generate/mailtest-schema.ts';
import { manPage } from './generate/man-page.ts';
import { planSchemaFile } from './generate/plan-schema.ts';
import { referencePages } from './generate/reference-pages.ts';
import { reportSchemaFile } from './generate/report-schema.ts';
import { rulePages } from './generate/rule-pages.ts';
import { settingsSchemaFile } from './generate/settings-schema.ts';
import { textmateFile } from './generate/textmate.ts';
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

const built = await validatorFiles(root);
const committed = new Map([
  ...planSchemaFile(),
  ...reportSchemaFile(),
  ...mailTestSchemaFile(),
  ...referencePages(),
  ...rulePages(),
  ...settingsSchemaFile(),
  ...textmateFile(),
  ...(await commandPages()),
  ...(await manPage()),
]);
if (process.argv.includes('--check')) {
  const differing = await stale(committed);
  for (const path of differing) console.error(`out of date: ${path} (run npm run generate)`);
  process.exitCode = differing.length === 0 ? 0 : 1;
} else if (!process.argv.includes('--built')) {
  await write(committed);
}
// Not committed: always made, so that a check can run right after a clone.
await write(built);
