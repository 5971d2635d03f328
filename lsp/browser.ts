import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser';
import type { FileState } from '../compiler/host.ts';
import { createLifeCycle } from './life-cycle.ts';
import { type FindFilesAnswer, findFilesMethod, type ReadFileAnswer, readFileMethod } from './protocol.ts';
import { startServer } from './server.ts';

/** Serves the page that made this worker; files are read by the page. */
export function serve(scope: DedicatedWorkerGlobalScope, version: string): void {
  const reader = new BrowserMessageReader(scope);
  const writer = new BrowserMessageWriter(scope);
  const lifeCycle = createLifeCycle((message) => void writer.write(message));
  const connection = createConnection(ProposedFeatures.all, reader, writer, lifeCycle.options);
  const readFile = async (uri: string): Promise<FileState> => {
    try {
      return stateOf(await connection.sendRequest<ReadFileAnswer>(readFileMethod, { uri }));
    } catch (error) {
      return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
    }
  };
  const findFiles = async (folder: string, endings: readonly string[], limit: number): Promise<readonly string[]> => {
    try {
      return (await connection.sendRequest<FindFilesAnswer>(findFilesMethod, { folder, endings, limit })).uris;
    } catch {
      // A page that cannot look for files has none for us.
      return [];
    }
  };
  startServer(connection, {
    readFile,
    findFiles,
    later: (run, milliseconds) => void setTimeout(run, milliseconds),
    now: () => performance.now(),
    judgeByDns: null,
    // A worker of a page starts for the document that is shown.
    rehearse: null,
    // The page's engine decides.
    expectLargeTexts: () => undefined,
    version,
  });
}

function stateOf(answer: ReadFileAnswer): FileState {
  if (answer.kind !== 'bytes') return answer;
  return { kind: 'bytes', bytes: Uint8Array.from(atob(answer.base64), (character) => character.charCodeAt(0)) };
}
