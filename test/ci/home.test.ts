import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const root = new URL('../..', import.meta.url).pathname;
const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => /\.(?:[cm]?[jt]s|json|md|ya?ml|sh|1)$|file$/.test(path) && !path.startsWith('test/'));

test('every link to the project leads to the home that package.json names', () => {
  const { homepage, repository } = packageJson;
  expect(repository.url).toBe(`${homepage}.git`);
  // Single files are fetched from a host of their own.
  const home = homepage.replace('https://github.com', '');
  const strays = files.flatMap((path) => {
    const links = readFileSync(join(root, path), 'utf8').match(/https:\/\/[\w.]+\/[\w-]+\/maddyc\b/g) ?? [];
    return links.filter((link) => !link.endsWith(home)).map((link) => `${path}: ${link}`);
  });
  expect(strays).toEqual([]);
});
