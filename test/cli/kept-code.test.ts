import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maddyc-kept-'));
  writeFileSync(join(folder, 'part.mjs'), 'export const part = "part";');
  writeFileSync(
    join(folder, 'bundle.cjs'),
    `const { sep } = require('node:path');
     function called() { return [typeof sep, __filename.endsWith('bundle.cjs')]; }
     module.exports.run = async () => [...called(), (await import('./part.mjs')).part];`,
  );
  const kept = pathToFileURL(join(import.meta.dirname, '../../cli/kept-code.ts')).href;
  writeFileSync(
    join(folder, 'main.mjs'),
    `import { createRequire, enableCompileCache } from 'node:module';
     import { dirname, join } from 'node:path';
     import { cachedDataVersionTag, setFlagsFromString } from 'node:v8';
     import { requireWithCode } from ${JSON.stringify(kept)};
     enableCompileCache(${JSON.stringify(join(folder, 'cache'))});
     const settles = process.argv[2] === 'killed' ? { settlesAfter: 1 } : {};
     const isTypical = (args) => args[0] === 'typical';
     const tuned = process.argv[2] === 'killed' ? { flags: { atStart: ['--opt'], later: ['--no-opt'] } } : {};
     const bundle = { path: join(import.meta.dirname, 'bundle.cjs'), key: 'k', isTypical, ...settles, ...tuned };
     if (process.argv[2] === 'killed') process.nextTick(() => setFlagsFromString('--no-opt'));
     console.log(JSON.stringify(await requireWithCode(bundle, createRequire(import.meta.url)).run()));
     process.exitCode = Number(process.argv[3] ?? 0);
     if (process.argv[2] === 'killed') setTimeout(() => console.error(cachedDataVersionTag()), 150);
     if (process.argv[2] === 'killed') setTimeout(() => process.kill(process.pid, 'SIGKILL'), 200);`,
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): string {
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'main.mjs'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  return stderr + stdout;
}

function keptFiles(): readonly { readonly name: string; readonly path: string }[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(({ name }) => name.startsWith('maddyc-'))
    .map(({ name, parentPath }) => ({ name, path: join(parentPath, name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const answer = '["string",true,"part"]\n';

test('keeps the code of the first run, and of the first typical run that ends well', () => {
  expect(run()).toBe(answer);
  expect(keptFiles().map(({ name }) => name)).toEqual(['maddyc-k-begun']);
  expect(run(['typical', '1'])).toBe(answer);
  expect(keptFiles().map(({ name }) => name)).toEqual(['maddyc-k-begun']);
  expect(run(['typical'])).toBe(answer);
  expect(keptFiles().map(({ name }) => name)).toEqual(['maddyc-k-begun', 'maddyc-k-typical']);
  const before = keptFiles().map(({ path }) => readFileSync(path));
  expect(run(['typical'])).toBe(answer);
  expect(keptFiles().map(({ path }) => readFileSync(path))).toEqual(before);
});

test('keeps the code of a process that others end while it runs', () => {
  expect(run(['killed'])).toContain(answer);
  expect(keptFiles().map(({ name }) => name)).toEqual(['maddyc-k-typical']);
});

test('keeps code for the flags of the start, and goes on with those that the process has set', () => {
  const ask = "v8.setFlagsFromString('--no-opt'); console.log(v8.cachedDataVersionTag())";
  const tuned = spawnSync(process.execPath, ['-e', ask], { encoding: 'utf8' }).stdout;
  expect(run(['killed'])).toContain(tuned);
  const [kept] = keptFiles();
  if (kept === undefined) throw new Error('nothing was kept');
  const { ino } = statSync(kept.path);
  run(['killed']);
  expect(statSync(kept.path).ino).toBe(ino);
});

test('drops what other builds kept, also under another Node, once it is old and code is kept anew', () => {
  run();
  const [kept] = keptFiles();
  if (kept === undefined) throw new Error('nothing was kept');
  const here = dirname(kept.path);
  const elsewhere = join(here, '..', 'v1.2.3-x64-0-0');
  const own = join(here, '..', 'mine');
  for (const directory of [elsewhere, own]) mkdirSync(directory);
  const long = new Date(Date.now() - 40 * 24 * 3600 * 1000);
  const place = (directory: string, name: string, time = long): string => {
    const path = join(directory, name);
    writeFileSync(path, '');
    utimesSync(path, time, time);
    return path;
  };
  const old = [
    place(here, 'maddyc-a1-typical'),
    place(here, 'maddyc-a2-begun.77'),
    place(elsewhere, 'maddyc-a3-begun'),
  ];
  const others = [
    place(here, 'maddyc-a4-typical', new Date()),
    place(here, 'a-module-of-somebody'),
    place(here, 'maddyc-notes'),
    place(own, 'maddyc-a5-typical'),
  ];
  run();
  expect([...old, ...others].filter((path) => !existsSync(path))).toEqual([]);
  run(['typical']);
  expect([...old, ...others].filter((path) => existsSync(path))).toEqual(others);
});

test('code that V8 refuses is made anew', () => {
  run(['typical']);
  const [kept] = keptFiles();
  if (kept === undefined) throw new Error('nothing was kept');
  const good = readFileSync(kept.path);
  writeFileSync(kept.path, 'not code');
  expect(run(['typical'])).toBe(answer);
  expect(readFileSync(kept.path).subarray(0, 8)).toEqual(good.subarray(0, 8));
});

test('keeps nothing where Node keeps nothing', () => {
  expect(run(['typical'], { NODE_DISABLE_COMPILE_CACHE: '1' })).toBe(answer);
  expect(keptFiles()).toEqual([]);
});
