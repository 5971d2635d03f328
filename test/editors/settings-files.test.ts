import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { codeBlocks } from './page.ts';

const editors = join(import.meta.dirname, '../../editors');
const read = (path: string): string => readFileSync(join(editors, path), 'utf8');

describe('the Zed extension', () => {
  const manifest = read('zed/extension.toml');

  it('has the language of the grammar and of the server', () => {
    const [, name = ''] = /^name = "(.*)"$/m.exec(read('zed/languages/maddy/config.toml')) ?? [];
    expect(manifest).toContain(`languages = ["${name}"]`);
    const [, grammar = ''] = /^grammar = "(.*)"$/m.exec(read('zed/languages/maddy/config.toml')) ?? [];
    expect(manifest).toContain(`[grammars.${grammar}]`);
    const [, path = ''] = /^path = "editors\/(.*)"$/m.exec(manifest) ?? [];
    expect(existsSync(join(editors, path, 'src/parser.c'))).toBe(true);
  });

  it('has a query for each place where brackets are not closed', () => {
    const places = [...read('zed/languages/maddy/config.toml').matchAll(/not_in = \[([^\]]*)\]/g)].flatMap(
      ([, names = '']) => [...names.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name),
    );
    expect(places).toContain('string');
    for (const place of places) expect(read('zed/languages/maddy/overrides.scm')).toMatch(`@${place}`);
  });
});

describe('the queries of editors for tree-sitter', () => {
  const queries = 'tree-sitter-maddy/queries';

  /** By the names that the themes of the editor know. */
  it.each([
    ['zed/languages/maddy', { 'variable.builtin': 'variable.special' }],
    [
      'helix/queries/maddy',
      {
        'keyword.import': 'keyword.control.import',
        property: 'variable.other.member',
        number: 'constant.numeric',
        boolean: 'constant.builtin.boolean',
      },
    ],
  ])('colour as the grammar says: %s', (folder, names: Readonly<Record<string, string>>) => {
    const renamed = read(`${queries}/highlights.scm`).replace(/@([\w.]+)/g, (_, name) => `@${names[name] ?? name}`);
    expect(read(`${folder}/highlights.scm`)).toBe(renamed);
  });

  it.each([
    ['zed/languages/maddy', ['injections.scm']],
    ['helix/queries/maddy', ['injections.scm', 'locals.scm']],
  ])('are the same where editors agree: %s', (folder, files) => {
    for (const file of files) expect(read(`${folder}/${file}`)).toBe(read(`${queries}/${file}`));
  });
});

describe("Kate's syntax", () => {
  const text = read('kate/maddy.xml');
  const all = (pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([, found = '']) => found);

  it('leads only to contexts and styles that it has', () => {
    const contexts = all(/<context name="([^"]+)"/g);
    expect(all(/\scontext="([^"#]+)"/g).filter((name) => !contexts.includes(name))).toEqual([]);
    const styles = all(/<itemData name="([^"]+)"/g);
    expect(all(/\sattribute="([^"]+)"/g).filter((name) => !styles.includes(name))).toEqual([]);
  });
});

describe("Sublime's syntax", () => {
  const syntax: unknown = parse(read('sublime/maddy.sublime-syntax').replace(/^%YAML.*\n/, ''));

  it('has contexts for all that it includes, and patterns that can be read', () => {
    const { contexts, scope } = syntax as {
      readonly scope: string;
      readonly contexts: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
    };
    expect(scope).toBe('source.maddy');
    const rules = Object.values(contexts).flat();
    const named = rules.flatMap(({ include, push }) => [include, push].filter((name) => name !== undefined));
    expect(named.filter((name) => !Object.hasOwn(contexts, String(name)))).toEqual([]);
    for (const { match } of rules) if (match !== undefined) expect(() => new RegExp(String(match))).not.toThrow();
  });
});

describe('every editor', () => {
  it.each([
    ['jetbrains/template.json', /maddyc lsp --stdio/],
    ['zed/src/lib.rs', /"lsp"\.into\(\), "--stdio"\.into\(\)/],
    ['helix/languages.toml', /args = \["lsp", "--stdio"\]/],
    ['neovim/lsp/maddy.lua', /'maddyc', 'lsp', '--stdio'/],
    ['emacs/maddy-mode.el', /"maddyc" "lsp" "--stdio"/],
    ['kakoune/maddy.kak', /args = \["lsp", "--stdio"\]/],
    ['vim/ale_linters/maddy/maddyc.vim', /'%e lsp --stdio'/],
  ])('starts the server in the same way: %s', (file, command) => {
    expect(read(file)).toMatch(command);
  });

  it('is told of as JSON where JSON is wanted', () => {
    expect(() => JSON.parse(read('jetbrains/template.json'))).not.toThrow();
    // What VS Code's page shows goes into a settings file that has more.
    const pages = readdirSync(join(editors, '../docs/editors')).filter((page) => page !== 'vscode.md');
    const blocks = pages.flatMap((page) => codeBlocks(page, 'json'));
    expect(blocks.length).toBeGreaterThan(0);
    for (const json of blocks) expect(() => JSON.parse(json)).not.toThrow();
  });
});
