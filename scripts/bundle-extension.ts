import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import {
  bundledAs,
  bundleProgram,
  keptLanguageServer,
  keyOf,
  languageServerModule,
  lighterLanguageServer,
} from './bundle-program.ts';

const folder = join(import.meta.dirname, '../vscode-extension');

/** A bundle of its own, loaded by the first who wants it. */
const leaveDnsVerdictsOutside: Plugin = {
  name: 'leave-dns-verdicts-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/dns-verdicts\.ts$/ }, () => ({ path: './dns-verdicts.js', external: true }));
  },
};

/**
 * The tables of old character sets are 700 kB that libmime reads bodies by; what judges SPF writes ASCII only. Where one is missing
 * libmime itself takes the bytes as UTF-8.
 */
const withoutCharsets: Plugin = {
  name: 'without-charsets',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(iconv-lite|encoding-japanese)$/ }, ({ path }) => ({ path, namespace: 'without-charsets' }));
    onLoad({ filter: /./, namespace: 'without-charsets' }, () => ({ contents: 'module.exports = {}', loader: 'js' }));
  },
};

/** Loads the server with the code that V8 made of it in an earlier run: that halves the start, and saves the memory of compiling. */
async function launchServer(): Promise<BuildOptions> {
  const key = await keyOf(join(folder, 'dist', serverName));
  return {
    stdin: {
      contents: `import { enableCompileCache } from 'node:module';
        import { requireWithCode } from './cli/kept-code.ts';
        enableCompileCache();
        requireWithCode(${keptLanguageServer(`__dirname + '/${serverName}'`, key)}, require);`,
      resolveDir: join(folder, '..'),
      sourcefile: 'server.ts',
    },
    outfile: 'dist/server.js',
    platform: 'node',
    format: 'cjs',
  };
}
const serverName = 'language-server.js';

/** What VS Code loads: the client and the server, each for the desktop and for the web, and what its panels show. */
const bundles: readonly BuildOptions[] = [
  { entryPoints: ['src/desktop.ts'], platform: 'node', format: 'cjs', external: ['vscode'] },
  {
    entryPoints: { 'language-server': 'src/server.ts' },
    platform: 'node',
    format: 'cjs',
    plugins: [leaveDnsVerdictsOutside, ...lighterLanguageServer],
  },
  { entryPoints: ['src/dns-verdicts.ts'], platform: 'node', format: 'cjs', plugins: [withoutCharsets] },
  // For a browser esbuild refuses every module of Node: the check that the language part needs none.
  { entryPoints: ['src/web.ts'], platform: 'browser', format: 'cjs', external: ['vscode'] },
  {
    entryPoints: ['src/server-worker.ts'],
    platform: 'browser',
    format: 'iife',
    plugins: lighterLanguageServer,
  },
  ...['graph-view', 'route-view', 'send-view'].flatMap((name): BuildOptions[] => [
    { entryPoints: [`views/${name}.ts`], platform: 'browser', format: 'iife' },
    { entryPoints: [`views/${name}.css`] },
  ]),
];

export async function bundleExtension(): Promise<void> {
  await rm(join(folder, 'dist'), { recursive: true, force: true });
  await Promise.all(bundles.map(bundle));
  await bundle(await launchServer());
  await bundleProgram(join(folder, 'dist/program'), {
    leftOut: {
      [languageServerModule]: 'this is the part of maddyc for an editor that has the language server already',
      'acme-client': 'certificates by ACME are not in the mail server of an editor: install maddyc for them',
    },
    // One package for every platform.
    replaced: Object.fromEntries(
      ['argon2', 'bcrypt'].map((name) => [`@node-rs/${name}`, join(folder, `src/program/${name}.ts`)]),
    ),
    short: true,
  });
}

const bundle = (options: BuildOptions) =>
  build({
    absWorkingDir: folder,
    ...(options.outfile === undefined ? { outdir: 'dist' } : {}),
    bundle: true,
    alias: bundledAs,
    minify: true,
    // VS Code 1.101, the oldest one that the extension is for, has Node 22 and Chromium 134.
    target: options.platform === 'node' ? 'node22' : 'chrome134',
    legalComments: 'linked',
    logLevel: 'warning',
    ...options,
  });
