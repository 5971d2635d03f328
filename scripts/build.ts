// npm run build: what the package and the VS Code extension ship. With a folder: only the program, into that folder.
import { join, resolve } from 'node:path';
import { bundleExtension } from './bundle-extension.ts';
import { bundleProgram } from './bundle-program.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  await bundleProgram(join(import.meta.dirname, '..', 'dist'));
  await bundleExtension();
} else {
  await bundleProgram(resolve(folder));
}
