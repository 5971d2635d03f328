#!/usr/bin/env node
// Plain, old syntax: this file also has to run on a Node that is too old for the rest, to say so or to hand over to the
// Node that the package brings along (optional dependency node-PLATFORM-ARCH). CommonJS: starting Node's loader for
// ES modules would cost a third of a short command.
'use strict';
var fs = require('fs');
var path = require('path');

var root = path.dirname(__dirname);
var version = process.versions.node.split('.').map(Number);

if (version[0] > 22 || (version[0] === 22 && version[1] >= 19)) {
  var built = path.join(root, 'dist', 'cli.cjs');
  if (fs.existsSync(built)) {
    require('module').enableCompileCache();
    require(built);
  } else {
    import('../cli/entry.ts');
  }
} else {
  handOver();
}

function handOver() {
  var name = process.platform === 'win32' ? 'node.cmd' : 'node';
  var places = [process.env.MADDYC_NODE, path.join(root, 'node_modules', '.bin', name), path.join(root, '..', '.bin', name)];
  var node = places.find(function (place) {
    return place && fs.existsSync(place);
  });
  if (node === undefined || process.env.MADDYC_REEXEC === '1') {
    console.error('maddyc: needs Node >= 22.19; this is ' + process.versions.node + ' (npm install maddyc brings one along)');
    process.exitCode = 127;
    return;
  }
  var child = require('child_process').spawn(node, [__filename].concat(process.argv.slice(2)), {
    stdio: 'inherit',
    env: Object.assign({}, process.env, { MADDYC_REEXEC: '1' }),
    shell: process.platform === 'win32',
  });
  // A service manager signals this process; the server is the child.
  ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'].forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal);
    });
  });
  child.on('exit', function (code, signal) {
    process.exit(signal === null ? code : 1);
  });
}
