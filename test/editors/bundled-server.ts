import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './stage.ts';

const root = join(import.meta.dirname, '../..');

/** Command of the server as it is shipped: the bundle inside of the extension. */
export function bundledServer(): readonly string[] {
  const server = join(root, 'vscode-extension/dist/server.js');
  must(existsSync(server), 'the server is not built: npm run package:vscode');
  return [process.execPath, server, '--stdio'];
}
