#!/usr/bin/env node
// Plain, old syntax: this file also has to run on a Node that is too old for the rest, to say so or to hand over to
// the Node that the package brings along (optional dependency node-PLATFORM-ARCH).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
const root = dirname(dirname(self));
const version = process.versions.node.split('.').map(Number);

if (version[0] > 22 || (version[0] === 22 && version[1] >= 19)) {
  const built = join(root, 'dist', 'cli.mjs');
  if (existsSync(built)) {
    if (nodeModule.enableCompileCache) nodeModule.enableCompileCache();
    await import('../dist/cli.mjs');
  } else {
    await import('../cli/entry.ts');
  }
} else {
  const name = process.platform === 'win32' ? 'node.cmd' : 'node';
  const places = [process.env.MADDYC_NODE, join(root, 'node_modules', '.bin', name), join(root, '..', '.bin', name)];
  const node = places.find((place) => place && existsSync(place));
  if (node === undefined || process.env.MADDYC_REEXEC === '1') {
    console.error(`maddyc: needs Node >= 22.19; this is ${process.versions.node} (npm install maddyc brings one along)`);
    process.exitCode = 127;
  } else {
    const child = spawn(node, [self, ...process.argv.slice(2)], {
      stdio: 'inherit',
      env: { ...process.env, MADDYC_REEXEC: '1' },
      shell: process.platform === 'win32',
    });
    // A service manager signals this process; the server is the child.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']) {
      process.on(signal, () => child.kill(signal));
    }
    child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
  }
}
