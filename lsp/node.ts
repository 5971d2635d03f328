import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  createConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { FileState } from '../compiler/host.ts';
import { stateOfFailure } from '../compiler/source/read-failure.ts';
import { createLifeCycle } from './life-cycle.ts';
import { startServer } from './server.ts';

/** Serves the client at the other end of standard input and output, or of Node's own channel to the parent process. */
export function serve(transport: 'stdio' | 'node-ipc', version: string): void {
  const isIpc = transport === 'node-ipc';
  const reader = isIpc ? new IPCMessageReader(process) : new StreamMessageReader(process.stdin);
  const writer = isIpc ? new IPCMessageWriter(process) : new StreamMessageWriter(process.stdout);
  const lifeCycle = createLifeCycle((message) => void writer.write(message));
  // The protocol's own channel must stay clean: whatever a library prints goes to standard error.
  for (const method of ['log', 'info', 'debug'] as const) console[method] = console.error;
  const leave = () => process.exit(lifeCycle.hasShutDown() ? 0 : 1);
  if (isIpc) process.on('disconnect', leave);
  else process.stdin.on('end', leave);
  startServer(createConnection(ProposedFeatures.all, reader, writer, lifeCycle.options), {
    readFile: readFileState,
    later: (run, milliseconds) => void setTimeout(run, milliseconds),
    now: () => performance.now(),
    version,
  });
}

/** Far above any configuration or table that somebody edits. */
const largestFile = 64 * 1024 * 1024;

async function readFileState(uri: string): Promise<FileState> {
  // What is no file of this machine is read by its editor, or by nobody.
  if (!uri.startsWith('file:')) return { kind: 'absent' };
  try {
    const path = fileURLToPath(uri);
    const found = await stat(path);
    if (found.isDirectory()) return { kind: 'directory' };
    // A device or a pipe that a file names may never end.
    if (!found.isFile()) return { kind: 'unreadable', reason: 'not a regular file' };
    if (found.size > largestFile) return { kind: 'unreadable', reason: 'file too large' };
    return { kind: 'bytes', bytes: await readFile(path) };
  } catch (error) {
    return stateOfFailure(error);
  }
}
