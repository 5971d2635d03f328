#!/usr/bin/env node
// This file also has to run on a Node that is too old for the rest, to say so or to hand over to the Node that the package
// brings along (optional dependency node-PLATFORM-ARCH). CommonJS: starting Node's loader for ES modules would cost a third
// of a short command.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const root = path.dirname(__dirname);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 19)) {
  const built = path.join(root, 'dist', 'cli.cjs');
  if (fs.existsSync(built)) {
    require('node:module').enableCompileCache();
    require(built);
  } else {
    import('../cli/entry.ts');
  }
} else {
  handOver();
}

function handOver() {
  const name = process.platform === 'win32' ? 'node.cmd' : 'node';
  const places = [
    process.env.MADDYC_NODE,
    path.join(root, 'node_modules', '.bin', name),
    path.join(root, '..', '.bin', name),
  ];
  const node = places.find((place) => place && fs.existsSync(place));
  if (node === undefined || process.env.MADDYC_REEXEC === '1') {
    console.error(
      `maddyc: needs Node >= 22.19; this is ${process.versions.node} (npm install maddyc brings one along)`,
    );
    process.exitCode = 127;
    return;
  }
  const child = require('node:child_process').spawn(node, [__filename, ...process.argv.slice(2)], {
    // Sockets that systemd has opened (sd_listen_fds(3)) go along.
    stdio: [0, 1, 2, ...Array.from({ length: Number(process.env.LISTEN_FDS) || 0 }, (_, at) => 3 + at)],
    env: { ...process.env, MADDYC_REEXEC: '1' },
    shell: process.platform === 'win32',
  });
  // A service manager signals this process; the server is the child.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
}
