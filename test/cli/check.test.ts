import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../cli/main.ts';
import { createIo, runCli } from '../kit/io.ts';

const listener = (body = '    reject 550 5.1.1 "No such user"'): string =>
  `hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n${body}\n}\n`;
const sound = listener();
const mailboxes = 'msgpipeline mailboxes {\n    deliver_to dummy\n}\n';
const misspelt = `${listener('    deliver_to &mailboxs')}${mailboxes}`;
const repaired = `${listener('    deliver_to &mailboxes')}${mailboxes}`;
const broken = listener('    deliver_to &nowhere');

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'maddyc-check-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
}
const content = (path: string): string => readFileSync(join(cwd, path), 'utf8');
const check = (...args: readonly string[]) => runCli(['check', ...args], { cwd });

interface Told {
  readonly files: readonly string[];
  readonly diagnostics: readonly {
    readonly code: string;
    readonly severity: string;
    readonly location: { readonly file: string } | null;
  }[];
}
async function told(...args: readonly string[]): Promise<Told> {
  return JSON.parse((await check('--json', ...args)).stdout);
}
const codes = (report: Told): readonly string[] => report.diagnostics.map((each) => each.code);

describe('which files', () => {
  test('the one here when none is named, and several in their order', async () => {
    put({ 'maddy.conf': broken, 'b.conf': sound });
    expect((await told()).files).toEqual(['maddy.conf']);
    expect((await told('b.conf', './maddy.conf')).files).toEqual(['b.conf', './maddy.conf']);
    expect((await told('b.conf', './b.conf')).files).toEqual(['b.conf']);
  });

  test('in a folder those that are configurations, and not what they import', async () => {
    put({
      'site/maddy.conf': 'import parts/listen.conf\n',
      'site/parts/listen.conf': sound,
      'site/aaa.conf': 'import parts/listen.conf\n',
      'site/second.maddy': sound,
      'site/listens.conf': sound,
      'site/nginx.conf': 'http {\n    server unix:///run/x\n}\n',
      'site/node_modules/x/maddy.conf': broken,
      'site/.git/maddy.conf': broken,
    });
    expect((await told('site')).files).toEqual(['site/listens.conf', 'site/maddy.conf', 'site/second.maddy']);
  });

  test('those that maddyc.json names', async () => {
    put({
      'site/maddyc.json': '{ "mainFiles": ["hosts/*/main.cf"] }',
      'site/maddy.conf': broken,
      'site/hosts/a/main.cf': sound,
      'site/hosts/b/main.cf': sound,
      'other/maddy.conf': sound,
    });
    expect((await told('.')).files).toEqual(['other/maddy.conf', 'site/hosts/a/main.cf', 'site/hosts/b/main.cf']);
    expect((await told('site/hosts/b')).files).toEqual(['site/hosts/b/main.cf']);
  });

  test('patterns, where the shell leaves them alone', async () => {
    put({ 'hosts/a/x.conf': sound, 'hosts/b/x.conf': sound, 'hosts/b/y.txt': '' });
    expect((await told('hosts/**/*.conf')).files).toEqual(['hosts/a/x.conf', 'hosts/b/x.conf']);
    expect((await told('./hosts/{a,c}/x.conf')).files).toEqual(['./hosts/a/x.conf']);
  });

  test.each([
    ['missing.conf', /^maddyc: missing\.conf: no such file/],
    ['circle.conf', /^maddyc: circle\.conf: too many levels of symbolic links/],
    ['', /^maddyc: an argument is empty/],
    ['*.nothing', /^maddyc: \*\.nothing: no file has such a name/],
    ['empty', /^maddyc: no configuration below empty\n {2}a configuration is named maddy\.conf/],
  ])('says that %s is none', async (operand, message) => {
    put({ 'empty/readme.txt': '' });
    symlinkSync('circle.conf', join(cwd, 'circle.conf'));
    const { code, stdout, stderr } = await check(operand);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('standard input under a name has its imports beside that name', async () => {
    put({ 'site/mailboxes.conf': mailboxes });
    const stdin = `import mailboxes.conf\n${listener('    deliver_to &mailboxes')}`;
    const named = await runCli(['check', '--stdin-filename', 'site/maddy.conf', '-'], { cwd, stdin });
    expect(named).toMatchObject({ code: 0, stderr: expect.stringMatching(/^site\/maddy\.conf: no findings/) });
    expect((await runCli(['check', '-'], { cwd, stdin })).code).toBe(1);
  });
});

test('a finding in a common part is told once', async () => {
  put({
    'common.conf': 'hostname mx.example.org\ntls off\nhostname mx.example.org\n',
    'a.conf': 'import common.conf\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to &gone\n}\n',
    'b.conf': 'import common.conf\nsmtp tcp://127.0.0.1:2526 {\n    deliver_to &gone\n}\n',
  });
  const report = await told('a.conf', 'b.conf');
  const places = report.diagnostics.map((each) => each.location?.file);
  expect(places.filter((file) => file === 'common.conf')).toHaveLength(1);
  expect(places.filter((file) => file === 'a.conf' || file === 'b.conf')).toHaveLength(2);
});

describe('exit codes', () => {
  const warned = listener(`    deliver_to smtp {
        targets tcp://192.0.2.1:25#first tcp://192.0.2.2:25
    }`);

  test('warnings count when they are asked for', async () => {
    put({ 'maddy.conf': warned, 'sound.conf': sound });
    const warnings = (await told()).diagnostics.filter(({ severity }) => severity === 'warning').length;
    expect(warnings).toBeGreaterThan(0);
    expect((await check()).code).toBe(0);
    expect((await check('--error-on-warnings')).code).toBe(1);
    expect((await check('--max-warnings', String(warnings))).code).toBe(0);
    expect((await check('--max-warnings', String(warnings - 1))).code).toBe(1);
    expect((await check('sound.conf', '--error-on-warnings')).code).toBe(0);
  });

  test('1 on errors, and when maddy would refuse the file', async () => {
    put({ 'maddy.conf': broken });
    expect((await check()).code).toBe(1);
    const refused = await check('--as', 'maddy-0.9.4');
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('\nmaddy 0.9.4 refuses it: ') });
  });

  test('maddy refuses what is meant for Madmail, which reads over mistakes', async () => {
    put({ 'maddy.conf': '# maddyc: dialect=madmail-2\nturn udp://0.0.0.0:3478 {\n    realm example.org\n}\n' });
    expect((await check()).code).toBe(0);
    expect(await check('--as', 'maddy-0.9.4')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(
        'maddy 0.9.4 refuses it: maddy.conf:2: unknown module or global directive: turn\n',
      ),
    });
  });

  test.each([
    [['--max-warnings', 'many'], '--max-warnings many: not a number'],
    [['--format', 'xml'], '--format xml: not one of pretty, json, sarif, github, gitlab, junit'],
    [['--fix=some'], '--fix some: not one of safe, all'],
    [['--update-baseline'], '--update-baseline needs --baseline FILE'],
    [['--stdin-filename', 'x'], '--stdin-filename goes with the file "-"'],
    [['--baseline', 'none.json'], 'none.json: the baseline cannot be read'],
  ])('2 for %j', async (args, message) => {
    put({ 'maddy.conf': sound });
    const { code, stderr } = await check(...args);
    expect({ code, stderr: stderr.split('\n')[0] }).toEqual({ code: 2, stderr: `maddyc: ${message}` });
  });
});

test('maddy’s verdict about several files is told for each, in the published form', async () => {
  put({ 'a.conf': sound, 'b.conf': broken });
  const schema = JSON.parse(readFileSync(new URL('../../docs/reference/check.schema.json', import.meta.url), 'utf8'));
  const report = JSON.parse((await check('--json', '--as', 'maddy-0.9.4', 'a.conf', 'b.conf')).stdout);
  expect(new Ajv().validate(schema, report)).toBe(true);
  expect(report.reference).toBeUndefined();
  expect(report.references).toEqual([
    { file: 'a.conf', accepted: true, error: null },
    { file: 'b.conf', accepted: false, error: expect.stringMatching(/no such instance/) },
  ]);
});

describe('--fix', () => {
  test('writes what is certain, and tells what is left', async () => {
    put({ 'maddy.conf': misspelt });
    const { code, stdout, stderr } = await check('--fix');
    expect({ code, stdout, text: content('maddy.conf') }).toEqual({ code: 0, stdout: '', text: repaired });
    expect(stderr).toMatch(/^1 fix applied: maddy\.conf\nmaddy\.conf: no findings/);
  });

  test('with --diff only shows it', async () => {
    put({ 'maddy.conf': misspelt });
    const { code, stdout, stderr } = await check('--fix', '--diff');
    expect({ code, text: content('maddy.conf') }).toEqual({ code: 0, text: misspelt });
    expect(stdout).toMatch(
      /^--- maddy\.conf\tas it is\n\+\+\+ maddy\.conf\tfixed\n[\s\S]*\n-.*&mailboxs\n\+.*&mailboxes\n/,
    );
    expect(stderr).toBe('1 fix to apply; write with maddyc check --fix\n');
  });

  test('goes into imports, keeps modes and links, and leaves others alone', async () => {
    put({ 'maddy.conf': `import listen.conf\n${mailboxes}`, 'real/listen.conf': listener('    deliver_to &mailboxs') });
    symlinkSync('real/listen.conf', join(cwd, 'listen.conf'));
    chmodSync(join(cwd, 'real/listen.conf'), 0o640);
    expect((await check('--fix', 'maddy.conf')).code).toBe(0);
    expect(content('real/listen.conf')).toBe(listener('    deliver_to &mailboxes'));
    expect(statSync(join(cwd, 'real/listen.conf')).mode & 0o777).toBe(0o640);
    expect(content('maddy.conf')).toBe(`import listen.conf\n${mailboxes}`);
  });

  test('does not touch standard input or the file whose name it has', async () => {
    put({ 'maddy.conf': misspelt });
    const { code, stderr } = await runCli(['check', '--fix', '--stdin-filename', 'maddy.conf', '-'], {
      cwd,
      stdin: misspelt,
    });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'maddyc: --fix cannot write standard input\n  add --diff to see what it would do\n',
    });
    expect(content('maddy.conf')).toBe(misspelt);
  });
});

describe('--baseline', () => {
  test('hides what was there, wherever its line went, and tells what is new', async () => {
    put({ 'maddy.conf': broken });
    expect(await check('--baseline', 'known.json', '--update-baseline')).toMatchObject({ code: 0, stdout: '' });
    put({ 'maddy.conf': `# moved\n\n\n${broken.replace('    deliver', '\tdeliver')}` });
    expect(await check('--baseline', 'known.json')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/^known\.json: \d+ findings? of the baseline not shown\n/),
    });
    put({ 'maddy.conf': `${broken}hostnme x\n` });
    expect(codes(await told('--baseline', 'known.json'))).toEqual(['M2101']);
  });

  test('means the same from another folder', async () => {
    put({ 'site/maddy.conf': broken });
    await check('site/maddy.conf', '--baseline', 'site/known.json', '--update-baseline');
    const { code } = await runCli(['check', '--baseline', 'known.json', 'maddy.conf'], { cwd: join(cwd, 'site') });
    expect(code).toBe(0);
  });

  test('says when there is less to agree on, and holds no secret', async () => {
    put({
      'maddy.conf': listener('    deliver_to smtp {\n targets tcp://127.0.0.1:26\n auth plain robot hunter2 more\n }'),
    });
    await check('--baseline', 'known.json', '--update-baseline');
    expect(content('known.json')).toContain('M');
    expect(content('known.json')).not.toContain('hunter2');
    put({ 'maddy.conf': sound });
    expect((await check('--baseline', 'known.json')).stderr).toMatch(/no longer found: --update-baseline\n/);
  });

  test.each(['', '[]', '{"version":2,"findings":[]}', '{"version":1,"findings":[1]}'])('refuses %j', async (text) => {
    put({ 'maddy.conf': sound, 'known.json': text });
    expect(await check('--baseline', 'known.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('known.json is no baseline'),
    });
  });
});

describe('where it is told', () => {
  test('in a GitHub workflow as annotations, with paths below the checkout', async () => {
    put({ 'site/maddy.conf': broken });
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: cwd };
    const here = { cwd: join(cwd, 'site'), env };
    expect((await runCli(['check'], here)).stdout).toMatch(/^::error file=site\/maddy\.conf,line=4,/);
    expect((await runCli(['check', '--format', 'pretty'], here)).stdout).toMatch(/^error\[/);
  });

  test('on a terminal in colour and boxes, as far as it can show them', async () => {
    put({ 'maddy.conf': broken });
    const onTerminal = async (env: Readonly<Record<string, string>>, ...args: readonly string[]) => {
      const { io, written } = createIo({ cwd, env });
      const terminal = { ...io.stdout, isTerminal: true };
      await main(['check', ...args], { ...io, stdout: terminal });
      return { color: written.stdout.includes('\u001b['), boxes: written.stdout.includes('┌─') };
    };
    const LANG = 'en_US.UTF-8';
    expect(await onTerminal({ LANG })).toEqual({ color: true, boxes: true });
    expect(await onTerminal({ LANG, NO_COLOR: '1' })).toEqual({ color: false, boxes: true });
    expect(await onTerminal({ LANG, NO_COLOR: '1' }, '--color', 'always')).toEqual({ color: true, boxes: true });
    expect(await onTerminal({ LANG, LC_ALL: 'C' })).toEqual({ color: true, boxes: false });
    expect(await onTerminal({ LANG, TERM: 'linux' })).toEqual({ color: true, boxes: false });
    expect(await onTerminal({ LANG, TERM: 'dumb' })).toEqual({ color: false, boxes: false });
  });

  test('a summary of several files, and silence when it is wanted', async () => {
    put({ 'a.conf': broken, 'b.conf': sound });
    expect((await check('a.conf', 'b.conf')).stderr).toMatch(
      /^\na\.conf: \d error.*\n2 configurations: \d error.*ms\)\n$/,
    );
    expect((await check('--quiet', 'a.conf', 'b.conf')).stderr).toBe('');
    const names = Array.from({ length: 30 }, (_each, index) => `many/${index}.maddy`);
    put(Object.fromEntries(names.map((name) => [name, broken])));
    const { stderr } = await check('many');
    expect(stderr.match(/^many\//gm)).toHaveLength(20);
    expect(stderr).toMatch(/\n10 more configurations with findings\n30 configurations: 30 errors/);
  });
});

test('an open relay through a regular expression is found, in the file itself, in an import and by name', async () => {
  const relay =
    'target.remote out {\n}\nhostname mx.example.org\ntls off\nsmtp tcp://0.0.0.0:2525 {\n    destination_in regexp "(.*)@(.*)" "" {\n        deliver_to &out\n    }\n    default_destination {\n        reject\n    }\n}\n';
  const named = `${relay.replace('regexp "(.*)@(.*)" ""', '&all')}table.chain all {\n    step regexp "(.*)@(.*)" ""\n}\n`;
  put({ 'maddy.conf': relay, 'relay.part': relay, 'importing.conf': 'import relay.part\n', 'named.conf': named });
  expect(codes(await told('maddy.conf'))).toContain('M6101');
  expect(codes(await told('importing.conf'))).toContain('M6101');
  expect(codes(await told('named.conf'))).toContain('M6101');
});

test('a file that begins with a brace is a configuration with a mistake, and no plan', async () => {
  put({ 'maddy.conf': `{\n    debug\n}\n${sound}` });
  expect(codes(await told())).toContain('M1102');
});
