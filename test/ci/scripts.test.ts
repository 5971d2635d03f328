import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { makeCheckout } from '../kit/checkout.ts';
import { hasCommand } from '../kit/service-packages.ts';

const root = join(import.meta.dirname, '../..');
const sound = 'hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to dummy\n}\n';
const broken = sound.replace('dummy', '&gone');

let folder: string;
let checkout: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maddyc-ci-'));
  checkout = join(folder, 'checkout');
  home = makeCheckout(join(folder, 'maddyc'));
  mkdirSync(join(checkout, 'hosts/a b'), { recursive: true });
  writeFileSync(join(checkout, 'maddy.conf'), sound);
  writeFileSync(join(checkout, 'hosts/a b/maddy.conf'), broken);
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
function bash(script: string, env: Readonly<Record<string, string>>): Run {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
    cwd: checkout,
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('the GitHub action', () => {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const step = action.runs.steps.find((each: { id?: string }) => each.id === 'check');

  /** Runs the step's own command line with the inputs put in, as a runner does. */
  function runStep(inputs: Readonly<Record<string, string>>): Run & { readonly outputs: string } {
    const value = (name: string): string => inputs[name] ?? action.inputs[name].default;
    const filled = Object.entries(step.env).map(([name, text]) => {
      return [name, String(text).replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_all, input: string) => value(input))];
    });
    const outputFile = join(folder, 'outputs');
    writeFileSync(outputFile, '');
    const result = bash(step.run, {
      ...Object.fromEntries(filled),
      GITHUB_ACTION_PATH: home,
      GITHUB_WORKSPACE: checkout,
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: outputFile,
    });
    return { ...result, outputs: readFileSync(outputFile, 'utf8') };
  }

  test('uses only inputs that it declares, and each of them', () => {
    const used = [...JSON.stringify(action.runs).matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(Object.keys(action.inputs)));
    expect(JSON.stringify(action.outputs)).toContain('steps.check.outputs.sarif');
  });

  test('annotates what is wrong in the checkout, and fails', () => {
    const { status, stdout, outputs } = runStep({});
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^::error file=hosts\/a b\/maddy\.conf,line=4,.*title=M2102 undefined-reference::no block named "gone"%0A/,
    );
    expect(outputs).toBe('');
  });

  test('takes files, options and a place for SARIF', () => {
    const sarif = join(folder, 'reports/maddyc.sarif');
    const { status, outputs } = runStep({
      files: 'maddy.conf\nhosts/a b\n',
      arguments: '--as maddy-0.9.4 --quiet',
      sarif,
    });
    expect({ status, outputs }).toEqual({ status: 1, outputs: `sarif=${sarif}\n` });
    const [run] = JSON.parse(readFileSync(sarif, 'utf8')).runs;
    expect(run.results[0]).toMatchObject({
      ruleId: 'M2102',
      locations: [{ physicalLocation: { artifactLocation: { uri: 'hosts/a%20b/maddy.conf' } } }],
    });
    expect(run.artifacts).toHaveLength(2);
  });

  test('passes where nothing is wrong, and tells wrong use apart', () => {
    expect(runStep({ files: 'maddy.conf' })).toMatchObject({ status: 0, stdout: '' });
    expect(runStep({ files: 'maddy.conf', arguments: '--no-such-option' }).status).toBe(2);
  });
});

describe('the GitLab include', () => {
  const include = parse(readFileSync(join(root, 'contrib/gitlab/maddyc.gitlab-ci.yml'), 'utf8'));

  test('writes the reports that it declares, and fails on errors', () => {
    const script = ['set -eo pipefail', ...include.maddyc.script].join('\n');
    const { status, stdout } = bash(script, { ...include.variables, MADDYC_HOME: home, CI_PROJECT_DIR: checkout });
    expect(status).toBe(1);
    expect(stdout).toContain('error[M2102]');
    const { codequality, junit } = include.maddyc.artifacts.reports;
    expect(JSON.parse(readFileSync(join(checkout, codequality), 'utf8'))).toMatchObject([
      { check_name: 'M2102 undefined-reference', location: { path: 'hosts/a b/maddy.conf', lines: { begin: 4 } } },
    ]);
    expect(readFileSync(join(checkout, junit), 'utf8')).toContain('failures="1"');
  });
});

describe('hooks of pre-commit', () => {
  const hooks: readonly { id: string; entry: string; files: string; language: string }[] = parse(
    readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8'),
  );
  const run = (id: string, ...files: readonly string[]): Run => {
    const entry = hooks.find((hook) => hook.id === id)?.entry ?? '';
    return bash(`${join(home, entry)} "$@"`.replace('"$@"', files.map((file) => `'${file}'`).join(' ')), {});
  };

  test('check and format the files that they are given', () => {
    expect(run('maddyc-check', 'maddy.conf').status).toBe(0);
    expect(run('maddyc-check', 'maddy.conf', 'hosts/a b/maddy.conf').status).toBe(1);
    writeFileSync(join(checkout, 'maddy.conf'), sound.replace('hostname ', 'hostname    '));
    expect(run('maddyc-fmt', 'maddy.conf').status).toBe(0);
    expect(readFileSync(join(checkout, 'maddy.conf'), 'utf8')).toBe(sound);
  });

  test('are for configurations, not for parts and other programs', () => {
    for (const { files, language } of hooks) {
      expect(language).toBe('script');
      const matched = ['maddy.conf', 'a/maddy.conf', 'x.maddy', 'nginx.conf', 'notmaddy.conf'].filter((path) =>
        new RegExp(files).test(path),
      );
      expect(matched).toEqual(['maddy.conf', 'a/maddy.conf', 'x.maddy']);
    }
  });
});

test('the launcher sets up a checkout only once', () => {
  const fresh = join(folder, 'fresh');
  for (const path of ['contrib/maddyc.sh', 'bin/maddyc.cjs']) cpSync(join(root, path), join(fresh, path));
  mkdirSync(join(fresh, 'scripts'));
  writeFileSync(
    join(fresh, 'scripts/setup.mjs'),
    `import { mkdirSync, writeFileSync } from 'node:fs';
const home = import.meta.dirname + '/..';
for (const each of ['node_modules', 'compiler/generated', 'dist']) mkdirSync(home + '/' + each, { recursive: true });
writeFileSync(home + '/node_modules/.maddyc-setup', '');
writeFileSync(home + '/compiler/generated/plan-validator.js', '');
writeFileSync(home + '/dist/cli.cjs', 'console.log(process.argv.slice(2).join("|"))');
console.log('set up');
`,
  );
  const call = (): Run => bash(`'${fresh}/contrib/maddyc.sh' check 'a b'`, {});
  expect(call()).toEqual({ status: 0, stdout: 'check|a b\n', stderr: 'set up\n' });
  expect(call()).toEqual({ status: 0, stdout: 'check|a b\n', stderr: '' });
});

test.skipIf(!hasCommand('shellcheck'))('scripts can be executed and have no fault that shellcheck knows', () => {
  const scripts = ['contrib/maddyc.sh', 'contrib/github/check.sh'].map((path) => join(root, path));
  for (const path of scripts) expect(statSync(path).mode & 0o111).toBe(0o111);
  expect(execFileSync('shellcheck', scripts, { encoding: 'utf8' })).toBe('');
});
