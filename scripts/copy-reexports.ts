import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * The protocol's libraries hand on a thousand names through five modules, each by a function of its own for each name: 6,000 functions
 * made at every start. What they hand on is there by then and never changes.
 */
export const copyReexports: Plugin = {
  name: 'copy-reexports',
  setup({ onLoad }) {
    onLoad(
      { filter: /[\\/]vscode-(?:jsonrpc|languageserver|languageserver-protocol)[\\/]lib[\\/].*\.js$/ },
      async ({ path }) => {
        const text = await readFile(path, 'utf8');
        if (!text.includes('__exportStar = ')) return undefined;
        if (!text.includes(binding)) throw new Error(`${path} has changed: is this still needed?`);
        return { contents: text.replace(binding, 'exports[p] = m[p];') };
      },
    );
  },
};

const binding = '__createBinding(exports, m, p);';
