import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { bundleExtension } from './bundle-extension.ts';

const root = join(import.meta.dirname, '..');

/**
 * What short commands do not need, each with all that it uses: the server, the language server, and the validators of plans.
 * Reached by `import()` only.
 */
const heavy = ['cli/commands/run.ts', 'cli/commands/lsp.ts', 'compiler/plan/read.ts', 'compiler/plan/environment.ts'];

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22.19',
  external: ['@node-rs/*'],
  // Line breaks stay: an uncaught error prints its source line, which must not be the whole file.
  minifySyntax: true,
  legalComments: 'linked',
  logLevel: 'warning',
} satisfies BuildOptions;

const leaveHeavyApart: Plugin = {
  name: 'leave-heavy-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ path, resolveDir, kind }) => {
      if (kind !== 'dynamic-import') return undefined;
      const wanted = join(resolveDir, path);
      return heavy.some((each) => join(root, each) === wanted)
        ? { path: `./heavy/${basename(path, '.ts')}.mjs`, external: true }
        : undefined;
    });
  },
};

await rm(join(root, 'dist'), { recursive: true, force: true });
// One CommonJS file for the short commands: no ES module loader, one file to read, and V8 compiles only what is called.
await build({
  ...common,
  entryPoints: { cli: 'cli/entry.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  plugins: [leaveHeavyApart],
});
await build({
  ...common,
  entryPoints: Object.fromEntries(heavy.map((path) => [basename(path, '.ts'), path])),
  outdir: 'dist/heavy',
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  splitting: true,
  format: 'esm',
  // CommonJS dependencies ask for Node's own modules by require().
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
await bundleExtension();
