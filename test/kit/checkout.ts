import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A checkout of this tree that has been set up but not built, whatever lies in `dist/` here. */
export function makeCheckout(folder: string): string {
  mkdirSync(folder);
  for (const name of ['bin', 'contrib']) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of ['cli', 'compiler', 'grammar', 'lsp', 'runtime', 'scripts', 'node_modules', 'package.json']) {
    symlinkSync(join(root, name), join(folder, name));
  }
  return folder;
}
