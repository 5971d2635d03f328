// Installs what the lock file names, when it is not there yet. Plain JavaScript for the system's Node (20 or newer):
// it runs before the project's own Node exists. npm puts node_modules/.bin first in PATH, so that after this step
// every script of the package runs on the Node that the lock file pins.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.maddyc-setup');

function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  process.stderr.write('maddyc: installing dependencies (once)\n');
  // Not `npm ci`: it refuses a lock file without the entries of other platforms' optional packages, and not every registry has
  // those. Versions and checksums are the lock file's here too, and it is not written.
  run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}
