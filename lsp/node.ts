import { opendir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import {
  type ConnectionOptions,
  createConnection,
  type InitializeParams,
  IPCMessageReader,
  IPCMessageWriter,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { FileState } from '../compiler/host.ts';
import type { DnsJudge } from '../compiler/mailtest/run-test.ts';
import { settingsName } from '../compiler/settings/locate.ts';
import { stateOfFailure } from '../compiler/source/read-failure.ts';
import { once } from '../grammar/once.ts';
import { engineFlags, settlesAfter } from './engine-flags.ts';
import { createLifeCycle } from './life-cycle.ts';
import { rehearsal } from './rehearsal.ts';
import { startServer } from './server.ts';
import type { Surroundings } from './surroundings.ts';

/** What the server has in common with the mail server: who starts it brings it along. */
export interface MailServerParts {
  /** Judges mail tests by DNS records. */
  readonly judgeByDns: DnsJudge;
  /** Gives back all memory that nobody needs. */
  readonly collectGarbage: () => void;
}

/** Serves the client at the other end of standard input and output, or of Node's own channel to the parent process. */
export function serve(transport: 'stdio' | 'node-ipc', version: string, parts: MailServerParts): void {
  const started = now();
  const isIpc = transport === 'node-ipc';
  const reader = isIpc ? new IPCMessageReader(process) : new StreamMessageReader(process.stdin);
  const writer = isIpc ? new IPCMessageWriter(process) : new StreamMessageWriter(process.stdout);
  const lifeCycle = createLifeCycle((message) => void writer.write(message));
  // The protocol's own channel must stay clean: whatever a library prints goes to standard error.
  for (const method of ['log', 'info', 'debug'] as const) console[method] = console.error;
  const leave = () => process.exit(lifeCycle.hasShutDown() ? 0 : 1);
  if (isIpc) process.on('disconnect', leave);
  else process.stdin.on('end', leave);
  const surroundings: Surroundings = {
    readFile: readFileState,
    findFiles,
    later,
    now,
    judgeByDns: parts.judgeByDns,
    expectLargeTexts: once(() => tuneForLargeTexts(started)),
    rehearse: (params, isIdle) => rehearse(params, isIdle, surroundings),
    version,
  };
  // The first look at the disk starts the threads that look, so nobody waits for them who opens a document.
  void readFileState(pathToFileURL(join(dirname(process.execPath), settingsName)).toString());
  const options = noticing(lifeCycle.options, whenAtRest(parts.collectGarbage));
  startServer(createConnection(ProposedFeatures.all, reader, writer, options), surroundings);
  // Not earlier: what Node brings along is compiled for the flags that it starts with.
  tune(engineFlags.usualTexts);
}

function tune(flags: readonly string[]): void {
  for (const flag of flags) setFlagsFromString(flag);
}

/** Not before the code of this run is kept, which sets the flags for usual texts. */
function tuneForLargeTexts(started: number): void {
  setTimeout(tune, Math.max(0, started + settlesAfter + 100 - now()), engineFlags.largeTexts).unref();
}

/** Milliseconds without a message. */
const rest = 6000;

/** V8 itself comes to it at some time, or never. What a few requests leave behind is not worth it. */
const worthwhile = 4 * 1024 * 1024;

/** To be called with each message: some time after the last one, what all of them have left behind is collected. */
function whenAtRest(collectGarbage: () => void): () => void {
  const heapSize = (): number => getHeapStatistics().total_heap_size;
  let size = 0;
  const timer = setTimeout(() => {
    if (heapSize() < size + worthwhile) return;
    collectGarbage();
    size = heapSize();
  }, rest).unref();
  return () => timer.refresh();
}

function noticing({ messageStrategy, ...options }: ConnectionOptions, note: () => void): ConnectionOptions {
  return {
    ...options,
    messageStrategy: {
      handleMessage(message, next) {
        note();
        if (messageStrategy === undefined) next(message);
        else messageStrategy.handleMessage(message, next);
      },
    },
  };
}

/** By another server in this process, whose client hears nothing. */
function rehearse(params: InitializeParams, isIdle: () => boolean, surroundings: Surroundings): void {
  const input = new PassThrough();
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const { options } = createLifeCycle(() => undefined);
  const reader = new StreamMessageReader(input);
  const connection = createConnection(ProposedFeatures.all, reader, new StreamMessageWriter(nowhere), options);
  startServer(connection, { ...surroundings, rehearse: null }, () => undefined);
  const left = [...rehearsal(params)];
  const next = (): void => {
    const line = isIdle() ? left.shift() : undefined;
    if (line === undefined) return;
    const content = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...line }));
    input.write(`Content-Length: ${content.length}\r\n\r\n`);
    input.write(content);
    setTimeout(next, 1);
  };
  next();
}

/** Milliseconds; `performance` is ten modules of Node, which nobody else here needs. */
function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1_000_000;
}

/** Milliseconds in which what an editor sends along with a message has come. */
const alongWithIt = 0.3;

/** Without a time: after what has come along. A timer is never due before a whole millisecond has passed. */
function later(run: () => void, milliseconds: number): void {
  if (milliseconds > 0) {
    setTimeout(run, milliseconds);
    return;
  }
  const due = now() + alongWithIt;
  const turn = (): void => {
    if (now() < due) setImmediate(turn);
    else run();
  };
  setImmediate(turn);
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

/** A folder as large as this is no configuration's. */
const mostEntries = 100_000;

async function findFiles(folder: string, endings: readonly string[], limit: number): Promise<readonly string[]> {
  if (!folder.startsWith('file:')) return [];
  const found: string[] = [];
  const folders = [fileURLToPath(folder)];
  let seen = 0;
  for (let path = folders.shift(); path !== undefined; path = folders.shift()) {
    try {
      for await (const entry of await opendir(path)) {
        seen += 1;
        if (seen > mostEntries || found.length >= limit) return found;
        if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
        if (entry.isDirectory()) folders.push(join(path, entry.name));
        else if (entry.isFile() && endings.some((ending) => entry.name.endsWith(ending))) {
          found.push(pathToFileURL(join(path, entry.name)).toString());
        }
      }
    } catch {
      // A folder that may not be read has no files for us.
    }
  }
  return found;
}
