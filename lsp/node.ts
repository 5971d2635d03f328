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
    env: new Map(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    later: (run, milliseconds) => void setTimeout(run, milliseconds),
    now: () => performance.now(),
    version,
  });
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ENOTDIR: 'not a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
};

/** Far above any configuration or table that somebody edits. */
const largestFile = 64 * 1024 * 1024;

async function readFileState(uri: string): Promise<FileState> {
  try {
    const path = fileURLToPath(uri);
    const found = await stat(path);
    if (found.isDirectory()) return { kind: 'directory' };
    // A device or a pipe that a file names may never end.
    if (!found.isFile()) return { kind: 'unreadable', reason: 'not a regular file' };
    if (found.size > largestFile) return { kind: 'unreadable', reason: 'file too large' };
    return { kind: 'bytes', bytes: await readFile(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // A URI that is no file's: nothing is there that could be read.
    if (code === 'ENOENT' || code.startsWith('ERR_')) return { kind: 'absent' };
    return { kind: 'unreadable', reason: reasons[code] ?? code };
  }
}
