import {
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  InitializedNotification,
  type InitializeParams,
  InitializeRequest,
} from 'vscode-languageserver';
import { usualConfiguration } from './warm-up.ts';

interface Line {
  readonly id?: number;
  readonly method: string;
  readonly params: object;
}

/** What a client with these parameters sends until it has the findings of its first document. */
export function rehearsal(params: InitializeParams): readonly Line[] {
  // It has no process that could end, and no folder in which something could be found.
  const initialize = { ...params, processId: null, rootUri: null, rootPath: null, workspaceFolders: null };
  const uri = 'file:///maddyc-rehearsal/maddy.conf';
  return [
    { id: 1, method: InitializeRequest.method, params: initialize },
    { method: InitializedNotification.method, params: {} },
    {
      method: DidOpenTextDocumentNotification.method,
      params: { textDocument: { uri, languageId: 'maddy', version: 1, text: usualConfiguration } },
    },
    { id: 2, method: DocumentDiagnosticRequest.method, params: { textDocument: { uri } } },
  ];
}
