// node scripts/setup.mjs [COMMAND ARGUMENT…]
// Installs what the lock file names and makes the generated validators, each when it is not there yet; then runs the command on
// the Node that the lock file pins. Plain JavaScript: it starts on the system's Node (20 or newer). npm's own pre-scripts cannot do
// this, because `ignore-scripts` (nothing that is installed may run code) switches them off too.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isWindows = process.platform === 'win32';
// Windows spells it Path.
const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
const env = {
  ...process.env,
  [pathName]: [join(root, 'node_modules', '.bin'), process.env[pathName]].join(delimiter),
};

function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: isWindows,
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

const stamp = join(root, 'node_modules', '.maddyc-setup');
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
run('node', ['scripts/generate.ts', '--built']);

const [command, ...args] = process.argv.slice(2);
if (command !== undefined) {
  const child = spawn(command, args, { cwd: root, env, stdio: 'inherit', shell: isWindows });
  // Ctrl-C reaches the child by itself: it shares the terminal. Others are passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}
