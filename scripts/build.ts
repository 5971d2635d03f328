// npm run build: what the package and the VS Code extension ship.
import { join } from 'node:path';
import { bundleExtension } from './bundle-extension.ts';
import { bundleProgram } from './bundle-program.ts';

await bundleProgram(join(import.meta.dirname, '..', 'dist'));
await bundleExtension();
