import { type ChildProcess, spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  MarkupKind,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type Range,
  RegistrationRequest,
  StreamMessageReader,
  StreamMessageWriter,
  UnregistrationRequest,
} from 'vscode-languageserver-protocol/node';
import type { FileState } from '../../compiler/host.ts';
import { createLifeCycle } from '../../lsp/life-cycle.ts';
import { startServer } from '../../lsp/server.ts';

/** A client as an editor would have one, and what the server told it. */
export interface LspClient {
  readonly connection: ProtocolConnection;
  /** Last findings by URI, for clients that get them sent. */
  readonly diagnostics: Map<string, PublishedDiagnostics>;
  /** Lines of the server's log. */
  readonly log: string[];
  /** Methods that the server registered later. */
  readonly registered: { readonly method: string; readonly options: unknown }[];
  /** How often the server asked the client to pull findings again. */
  refreshes(): number;
  initialize(capabilities: ClientCapabilities, folder: string | null, options?: object): Promise<InitializeResult>;
  open(uri: string, text: string): Promise<void>;
  change(
    uri: string,
    version: number,
    changes: readonly ({ range: Range; text: string } | { text: string })[],
  ): Promise<void>;
  /** Findings once they are those of this version, or the next ones to come when there is none. */
  findings(uri: string, version?: number): Promise<readonly Diagnostic[]>;
}

export interface PublishedDiagnostics {
  readonly version: number | undefined;
  readonly items: readonly Diagnostic[];
}

export interface ServerProcess extends LspClient {
  readonly process: ChildProcess;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Everything that the newest editors can do. */
export const fullCapabilities: ClientCapabilities = {
  general: { positionEncodings: ['utf-16'], markdown: { parser: 'marked' } },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
    diagnostics: { refreshSupport: true },
  },
  textDocument: {
    synchronization: { dynamicRegistration: true, didSave: true },
    completion: {
      completionItem: {
        snippetSupport: true,
        insertReplaceSupport: true,
        labelDetailsSupport: true,
        documentationFormat: [MarkupKind.Markdown, MarkupKind.PlainText],
        resolveSupport: { properties: ['documentation'] },
        tagSupport: { valueSet: [1] },
        insertTextModeSupport: { valueSet: [1, 2] },
      },
    },
    hover: { contentFormat: [MarkupKind.Markdown, MarkupKind.PlainText] },
    definition: { linkSupport: true },
    rename: { prepareSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    foldingRange: {},
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['', 'quickfix'] } },
      isPreferredSupport: true,
    },
    publishDiagnostics: {
      relatedInformation: true,
      codeDescriptionSupport: true,
      tagSupport: { valueSet: [1, 2] },
      versionSupport: true,
    },
  },
};

/** A server in this process over streams; it reads only the files that are given, by URI. */
export function connectServer(
  files: ReadonlyMap<string, string | Uint8Array> = new Map(),
  expectLargeTexts: () => void = () => undefined,
): LspClient {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const writer = new StreamMessageWriter(toClient);
  const { options } = createLifeCycle((message) => void writer.write(message));
  startServer(createConnection(ProposedFeatures.all, new StreamMessageReader(toServer), writer, options), {
    readFile: async (uri): Promise<FileState> => {
      const content = files.get(uri);
      if (content === undefined) return { kind: 'absent' };
      return typeof content === 'string' ? { kind: 'text', text: content } : { kind: 'bytes', bytes: content };
    },
    findFiles: async (root, endings, limit) =>
      [...files.keys()]
        .filter((uri) => uri.startsWith(`${root}/`) && endings.some((ending) => uri.endsWith(ending)))
        .slice(0, limit),
    later: (run, milliseconds) => void setTimeout(run, milliseconds),
    now: () => performance.now(),
    judgeByDns: async (...asked) => {
      const { dnsVerdicts } = await import('../../runtime/mailtest/dns-verdicts.ts');
      return dnsVerdicts(...asked);
    },
    rehearse: null,
    expectLargeTexts,
    version: 'test',
  });
  return attach(createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer)));
}

/** A server as a process of its own, over its standard input and output. */
export function spawnServer(command: readonly string[]): ServerProcess {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
  // A server that has ended no longer reads.
  child.stdin.on('error', () => undefined);
  const reader = new StreamMessageReader(child.stdout);
  // Of a server that is killed within a message it would wait for the rest for ever, and keep this process from its end.
  reader.partialMessageTimeout = 0;
  const connection = createProtocolConnection(reader, new StreamMessageWriter(child.stdin), {
    error: () => undefined,
    warn: () => undefined,
    info: () => undefined,
    log: () => undefined,
  });
  return { ...attach(connection), process: child, exited };
}

function attach(connection: ProtocolConnection): LspClient {
  const diagnostics = new Map<string, PublishedDiagnostics>();
  const log: string[] = [];
  const registered: { method: string; options: unknown }[] = [];
  const waiting = new Set<() => void>();
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, version, diagnostics: items }) => {
    diagnostics.set(uri, { version, items });
    for (const wake of waiting) wake();
  });
  connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
    log.push(message);
  });
  connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
    for (const { method, registerOptions } of registrations) registered.push({ method, options: registerOptions });
  });
  connection.onRequest(UnregistrationRequest.type, () => undefined);
  let refreshes = 0;
  connection.onRequest(DiagnosticRefreshRequest.type, () => {
    refreshes += 1;
  });
  connection.listen();

  return {
    connection,
    diagnostics,
    log,
    registered,
    refreshes: () => refreshes,
    async initialize(capabilities, folder, options) {
      const workspaceFolders = folder === null ? null : [{ uri: folder, name: 'folder' }];
      const result = await connection.sendRequest(InitializeRequest.type, {
        processId: null,
        rootUri: folder,
        capabilities,
        workspaceFolders,
        initializationOptions: options,
      });
      await connection.sendNotification(InitializedNotification.type, {});
      return result;
    },
    open: (uri, text) =>
      connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'maddy', version: 1, text },
      }),
    change: (uri, version, changes) =>
      connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [...changes],
      }),
    findings(uri, version) {
      const start = diagnostics.get(uri);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => done(() => reject(new Error(`no findings for ${uri}`))), 10_000);
        const done = (settle: () => void): void => {
          clearTimeout(timer);
          waiting.delete(look);
          settle();
        };
        const look = (): void => {
          const now = diagnostics.get(uri);
          if (now === undefined) return;
          if (version === undefined ? now !== start : now.version === version) done(() => resolve(now.items));
        };
        waiting.add(look);
        look();
      });
    },
  };
}

/** The answer of a request of ours that can be refused; throws the refusal. */
export function good<Answer extends { readonly ok: boolean }>(answer: Answer): Extract<Answer, { readonly ok: true }> {
  if (!isGood(answer)) throw new Error(JSON.stringify(answer));
  return answer;
}

function isGood<Answer extends { readonly ok: boolean }>(
  answer: Answer,
): answer is Extract<Answer, { readonly ok: true }> {
  return answer.ok;
}
