// Stands between an editor and its language server, and writes down what they say: node recorder.ts TRACE COMMAND…
// Lines of TRACE: {"started": process id of the server}, then {"from": "editor" | "server", "message": …} for each message.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { StreamMessageReader } from 'vscode-languageserver/node';

const [trace = '', program = '', ...args] = process.argv.slice(2);
const note = (line: object): void => appendFileSync(trace, `${JSON.stringify(line)}\n`);
const server = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
if (server.pid !== undefined) note({ started: server.pid });

function pass(from: 'editor' | 'server', source: Readable, target: Writable): void {
  new StreamMessageReader(source).listen((message) => note({ from, message }));
  source.pipe(target);
}
pass('editor', process.stdin, server.stdin);
pass('server', server.stdout, process.stdout);
// An editor that is killed takes its pipes along.
process.stdout.on('error', () => server.kill());
server.stdin.on('error', () => {});
server.on('close', (code) => process.exit(code ?? 1));
