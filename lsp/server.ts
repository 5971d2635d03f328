import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { type Client, describeClient, folderUri } from './client.ts';
import { methods, requests } from './features.ts';
import { Faults, type Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';
import { choosePositionEncoding, createPositionCodec, type PositionCodec } from './text/position-encoding.ts';
import { SourcePositions } from './text/source-positions.ts';
import { warmUp } from './warm-up.ts';
import { AnalysisCache } from './workspace/analysis-cache.ts';
import { Changes } from './workspace/changes.ts';
import { followClientSettings, usualClientSettings } from './workspace/client-settings.ts';
import { DiagnosticPublisher } from './workspace/diagnostic-publisher.ts';
import { DiagnosticReports } from './workspace/diagnostic-reports.ts';
import { FileWatch } from './workspace/file-watch.ts';
import { FolderSymbols } from './workspace/folder-symbols.ts';
import { OpenDocuments } from './workspace/open-documents.ts';
import { ScreenRefresh } from './workspace/screen-refresh.ts';
import { Snapshot } from './workspace/snapshot.ts';
import { Workspace } from './workspace/workspace.ts';
import { WorkspaceScan } from './workspace/workspace-scan.ts';

/**
 * Milliseconds after the answer to `initialize`: an editor that has a document to open has sent it by then, also on a busy machine, and
 * what was compiled is kept for later starts only afterwards.
 */
const nothingToOpen = 1000;

/** Milliseconds after `initialized`: what an editor has opened right after it comes first. */
const documentsOpened = 20;

/** Characters; hardly anybody's configuration is longer. */
const usualLength = 100_000;

/**
 * Serves one client; the connection must enforce the life cycle (`createLifeCycle`). The answer to `initialize` waits for `prepare`:
 * editors that wait for the answer open a document right after it.
 */
export function startServer(connection: Connection, surroundings: Surroundings, prepare: Preparation = warmUp): void {
  connection.onInitialize((params) => initialize(connection, surroundings, params, prepare));
  connection.onShutdown(() => undefined);
  connection.listen();
}

type Preparation = (client: Client, codec: PositionCodec) => void | Promise<void>;

async function initialize(
  connection: Connection,
  surroundings: Surroundings,
  params: InitializeParams,
  prepare: Preparation,
): Promise<InitializeResult> {
  const described = describeClient(params);
  const folders = [...described.folders];
  const client = { ...described, folders };
  const codec = createPositionCodec(choosePositionEncoding(params.capabilities));
  const faults = new Faults((text) => connection.console.error(text));
  const open = new OpenDocuments(codec);
  const snapshot = new Snapshot(open, (uri) => surroundings.readFile(uri));
  const analyses = new AnalysisCache(snapshot, faults);
  const workspace = new Workspace(open, snapshot, analyses, client.folders, (...asked) =>
    surroundings.findFiles(...asked),
  );
  const positions = new SourcePositions(codec);
  const reports = new DiagnosticReports(workspace, positions, client);
  const changes = new Changes();
  let settings = usualClientSettings;
  const parts = { connection, client, workspace, positions, reports, faults };
  const scan = new WorkspaceScan(parts, surroundings, () => void faults.answer('workspace', null, scanned));
  const folderSymbols = new FolderSymbols({ ...parts, scan });
  const session: Session = {
    ...parts,
    scan,
    folderSymbols,
    changes,
    settings: () => settings,
    answers: new Map(),
    judgeByDns: surroundings.judgeByDns,
    version: surroundings.version,
  };
  const scanned = async (): Promise<void> => {
    folderSymbols.forget();
    const parted = await Promise.all(open.uris().map((uri) => workspace.discover(uri, scan.importersOf(uri))));
    if (parted.includes(true)) publisher.refresh();
    else publisher.schedule();
    changes.notify();
  };

  const screen = new ScreenRefresh(session, surroundings);
  const publisher = new DiagnosticPublisher(session, surroundings, () => {
    watch.update();
    screen.look();
    changes.notify();
  });
  const watch = new FileWatch(
    session,
    surroundings,
    () => publisher.refresh(),
    () => void scan.run(),
  );
  open.listen(connection, {
    // Also when it is opened.
    changed: (uri) => {
      if ((open.documentOf(uri)?.getText().length ?? 0) > usualLength) surroundings.expectLargeTexts();
      publisher.schedule();
    },
    opened: (uri) => {
      publisher.schedule();
      void faults.answer('didOpen', null, async () => {
        if (await workspace.discover(uri, scan.importersOf(uri))) publisher.refresh();
      });
    },
    closed: (uri) => {
      const parts = workspace.openPartsOf(uri);
      workspace.close(uri);
      publisher.refresh();
      // What its file says is found in the folder from now on.
      void scan.run();
      void faults.answer('didClose', null, async () => {
        // They stay parts of it: now it is read from its file.
        const found = parts.map((part) => workspace.discover(part, [uri, ...scan.importersOf(part)]));
        if ((await Promise.all(found)).includes(true)) publisher.refresh();
      });
    },
    saved: () => watch.saved(),
  });
  for (const method of methods) method.register(session);
  for (const register of requests) register(session);
  const start = (): Promise<void> =>
    followClientSettings(session, (now) => {
      settings = now;
      scan.want(now.checkWorkspace);
    });
  connection.onInitialized(() => {
    if (client.changesFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => folderUri(uri)));
        const left = folders.filter((folder) => !gone.has(folder));
        folders.splice(0, folders.length, ...left, ...added.map(({ uri }) => folderUri(uri)));
        watch.update();
        void scan.run();
      });
    }
    surroundings.later(() => void faults.answer('initialized', null, start), documentsOpened);
  });

  await faults.answer('initialize', null, () => prepare(client, codec));
  const { rehearse } = surroundings;
  if (rehearse !== null) {
    const isIdle = (): boolean => open.uris().length === 0;
    surroundings.later(() => void faults.answer('initialize', null, () => rehearse(params, isIdle)), nothingToOpen);
  }
  const own = methods.map((method) => method.capabilities(client));
  const offersEncodings = params.capabilities.general?.positionEncodings !== undefined;
  return {
    serverInfo: { name: 'maddyc', version: surroundings.version },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      ...(offersEncodings ? { positionEncoding: codec.encoding } : {}),
      ...Object.assign({}, ...own),
      workspace: Object.assign(
        client.changesFolders ? { workspaceFolders: { supported: true, changeNotifications: true } } : {},
        ...own.map(({ workspace: part }) => part ?? {}),
      ),
    },
  };
}
