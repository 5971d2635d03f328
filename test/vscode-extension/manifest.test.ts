import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../compiler/editor/snippet-text.ts';
import { readMailTest } from '../../compiler/mailtest/read-mail-test.ts';
import { clientCommands } from '../../lsp/protocol.ts';
import { usualClientSettings } from '../../lsp/workspace/client-settings.ts';
import { analyseText, findingLines } from '../kit/analysis.ts';
import { runCli } from '../kit/io.ts';

const folder = join(import.meta.dirname, '../../vscode-extension');

interface Snippet {
  readonly prefix: string;
  readonly body: readonly string[];
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly description: string; readonly when?: string }[];
    }[];
    readonly snippets: readonly { readonly path: string }[];
    readonly problemMatchers: readonly { readonly name: string; readonly pattern: Pattern | readonly Pattern[] }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
}

interface Pattern {
  readonly regexp: string;
  readonly file?: number;
  readonly line?: number;
  readonly message?: number;
  readonly severity?: number;
}

const text = readFileSync(join(folder, 'package.json'), 'utf8');
const manifest: Manifest = JSON.parse(text);
const { contributes } = manifest;
const commands = new Set(contributes.commands.map(({ command }) => command));

const snippetsOf = (file: string): readonly (readonly [string, Snippet])[] => {
  const snippets: Readonly<Record<string, Snippet>> = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return Object.entries(snippets);
};

describe('the manifest of the extension', () => {
  it('names only files that are there', () => {
    const paths = [...text.matchAll(/"(\.\/(?!dist\/)[^"]+|walkthrough\/[^"]+|icon\.png)"/g)].map(([, path]) => path);
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(join(folder, path ?? '')))).toEqual([]);
  });

  it('offers only commands that it declares, in menus and in the walkthrough', () => {
    const offered = [
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command)),
      ...[...text.matchAll(/(?:command|onCommand):(maddy\.\w+)/g)].map(([, command]) => command ?? ''),
    ];
    expect(offered.filter((command) => !commands.has(command))).toEqual([]);
  });

  it('declares the command of code actions, and hides those that only code lenses give', () => {
    expect(commands).toContain(clientCommands.migrate);
    expect(commands).not.toContain(clientCommands.routeFrom);
    expect(commands).not.toContain(clientCommands.showReferences);
  });

  it('offers what needs a process only where there are processes, and a server only in a folder that is trusted', () => {
    const needing = ['maddy.sendTestMessage', 'maddy.tryConfiguration', 'maddy.run'];
    for (const name of needing) {
      const { enablement = '' } = contributes.commands.find(({ command }) => command === name) ?? {};
      expect(enablement).toContain('maddy.canRun');
      if (name !== 'maddy.sendTestMessage') expect(enablement).toContain('isWorkspaceTrusted');
      const items = Object.values(contributes.menus)
        .flat()
        .filter(({ command }) => command === name);
      expect(items.length).toBeGreaterThanOrEqual(2);
      for (const { when } of items) expect(when).toContain('maddy.canRun');
      for (const { description, when } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
        if (description.includes(`command:${name})`)) expect(when).toBe('!isWeb || maddy.canRun');
      }
    }
  });

  it('offers what the server asks for, with the same beginnings', () => {
    const { properties } = contributes.configuration;
    for (const [name, value] of Object.entries(usualClientSettings)) {
      expect(properties[`maddy.${name}`]).toMatchObject({ type: 'boolean', default: value });
    }
  });

  it('lets no folder choose a program before it is trusted', () => {
    expect(Object.keys(contributes.configuration.properties)).toContain('maddy.program');
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain('maddy.program');
  });
});

describe('templates', () => {
  it.each(snippetsOf('snippets/maddy.json'))('%s is without errors and warnings', (_name, { body }) => {
    const analysis = analyseText(`${plainText(body.join('\n'))}\n`);
    const serious = analysis.diagnostics.filter(({ severity }) => severity === 'error' || severity === 'warning');
    expect(findingLines({ diagnostics: serious })).toEqual([]);
  });

  it.each(snippetsOf('snippets/mailtest.json'))('%s is one that maddyc reads', (_name, { body }) => {
    expect(readMailTest(plainText(body.join('\n')))).toMatchObject({ ok: true });
  });
});

/** What a problem matcher makes of an output: its patterns are tried on lines that follow each other. */
function match(name: string, output: string): readonly object[] {
  const matcher = contributes.problemMatchers.find((each) => each.name === name);
  const patterns = [matcher?.pattern ?? []].flat() as readonly Pattern[];
  const lines = output.split('\n');
  return lines.flatMap((_, at) => {
    const parts: Record<string, string> = {};
    for (const [offset, { regexp, ...groups }] of patterns.entries()) {
      const found = new RegExp(regexp).exec(lines[at + offset] ?? '');
      if (found === null) return [];
      for (const [part, group] of Object.entries(groups)) parts[part] = found[group] ?? '';
    }
    return [parts];
  });
}

describe('problem matchers', () => {
  let cwd = '';
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'maddyc-matchers-'));
  });
  afterEach(() => {
    rmSync(cwd, { recursive: true });
  });
  const run = async (configuration: string, ...args: readonly string[]): Promise<string> => {
    writeFileSync(join(cwd, 'maddy.conf'), configuration);
    const { stdout, stderr } = await runCli(args, { cwd });
    return `${stdout}\n${stderr}`;
  };

  it('read findings of maddyc check', async () => {
    const output = await run(
      'hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n    wrong\n    reject\n}\n',
      'check',
    );
    expect(match('maddyc', output)).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        file: 'maddy.conf',
        line: '4',
        message: expect.stringContaining('"wrong"'),
      }),
    );
  });

  it('read why maddyc run does not start', async () => {
    const output = await run('smtp tcp://127.0.0.1:2525 {\n    reject\n}\n', 'run', 'maddy.conf');
    expect(match('maddyc-run', output)).toEqual([
      { file: expect.stringMatching(/maddy\.conf$/), line: '1', message: expect.stringContaining('hostname') },
    ]);
  });

  it('read each place of several', async () => {
    const output = await run(
      'hostname mx.example.org\ntls off\nimap tcp://127.0.0.1:2143 {\n    auth &logins\n    storage &boxes\n}\nauth.pass_table logins {\n    table static\n}\nstorage.imapsql boxes {\n    driver sqlite3\n    dsn imapsql.db\n}\n',
      'run',
      '--warn',
      'maddy.conf',
    );
    const lines = match('maddyc-run', output).map((found) => ('line' in found ? found.line : ''));
    expect(lines).toEqual(expect.arrayContaining(['3', '10']));
  });

  it('read failed cases of maddyc test', async () => {
    writeFileSync(
      join(cwd, 'maddy.mailtest.yaml'),
      'cases:\n  - name: strangers are served\n    from: a@example.net\n    to: b@example.org\n    expect: { delivered: true }\n',
    );
    const output = await run('hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n    reject\n}\n', 'test');
    expect(match('maddyc-test', output)).toEqual([
      { file: 'maddy.mailtest.yaml', line: '2', message: 'strangers are served' },
    ]);
  });
});
