import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleExtension } from './bundle-extension.ts';

const root = join(import.meta.dirname, '..');

// Chunks keep what a command does not need unread: `check` must not pay for the runtime or the language server.
await rm(join(root, 'dist'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { cli: 'cli/entry.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  // CommonJS dependencies ask for Node's own modules by require().
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  packages: 'bundle',
  external: ['@node-rs/*'],
  // Line breaks stay: an uncaught error prints its source line, which must not be the whole file.
  minifySyntax: true,
  legalComments: 'linked',
  logLevel: 'warning',
});
await bundleExtension();
