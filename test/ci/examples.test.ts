import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { findCommand } from '../../cli/commands.ts';
import { parseArguments } from '../../cli/parse-arguments.ts';
import { createIo } from '../kit/io.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const { version } = JSON.parse(read('package.json'));

/** Command lines of maddyc in a text: `maddyc check …`, without redirections and comments. */
function commandLines(text: string): readonly string[] {
  const found = text.matchAll(
    /(?:^|[`$ /])maddyc(?:\.sh)? ((?:check|fmt|route|explain|completion|-config)\b[^`\n>#|']*)/gm,
  );
  return [...found].map(([, line = '']) => line.trim());
}

const pages = ['docs/ci.md', ...readdirSync(join(root, 'examples/ci')).map((name) => `examples/ci/${name}`)];

/** Usage lines say FILE and NAME where something is to be put in. */
const isUsage = (line: string): boolean => /[[…<(]|\b[A-Z]{4,}\b/.test(line);

test.each(pages)('every command line of %s is one', async (page) => {
  const { io } = createIo({ cwd: root });
  for (const line of commandLines(read(page)).filter((each) => !isUsage(each) && !each.startsWith('-config'))) {
    const found = findCommand(line.split(/\s+/));
    expect(found, line).toBeDefined();
    if (found !== undefined) parseArguments(await found.entry.load(), found.rest, io);
  }
});

test('there is something to check on them', () => {
  expect(commandLines(read('docs/ci.md')).length).toBeGreaterThan(3);
});

test('links of docs/ci.md lead somewhere', () => {
  const links = [...read('docs/ci.md').matchAll(/\]\((\.\.\/[^)]+)\)/g)].map(([, path = '']) => path.slice(3));
  expect(links.length).toBeGreaterThan(3);
  for (const path of links) expect(() => read(path)).not.toThrow();
});

test('inputs, variables and hooks of the examples are there, at the version of this package', () => {
  const action = parse(read('action.yml'));
  const job = parse(read('examples/ci/github.yml')).jobs.maddyc;
  const step = job.steps.find((each: { uses: string }) => each.uses.startsWith('maddyc/maddyc@'));
  expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step.with)));

  const include = parse(read('contrib/gitlab/maddyc.gitlab-ci.yml'));
  const { variables } = parse(read('examples/ci/gitlab.yml'));
  expect(Object.keys(include.variables)).toEqual(expect.arrayContaining(Object.keys(variables)));

  const offered = parse(read('.pre-commit-hooks.yaml')).map(({ id }: { id: string }) => id);
  const [repo] = parse(read('examples/ci/pre-commit.yaml')).repos;
  expect(offered).toEqual(expect.arrayContaining(repo.hooks.map(({ id }: { id: string }) => id)));

  for (const page of [...pages, 'contrib/gitlab/maddyc.gitlab-ci.yml']) {
    for (const [, tag] of read(page).matchAll(/v(\d+\.\d+\.\d+)\b/g)) expect(tag, page).toBe(version);
  }
});

test('what the page says of the action is what it takes', () => {
  const { inputs } = parse(read('action.yml'));
  const rows = [...read('docs/ci.md').matchAll(/^\| `([\w-]+)` \| (?:`([^`]*)`)? ?\|/gm)].map(([, name, value]) => [
    name,
    value ?? '',
  ]);
  expect(rows).toEqual(Object.entries(inputs).map(([name, input]) => [name, (input as { default: string }).default]));
});
