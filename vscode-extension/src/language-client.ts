import { commands, type ExtensionContext, type LogOutputChannel, window, workspace } from 'vscode';
import { type BaseLanguageClient, type LanguageClientOptions, State } from 'vscode-languageclient';
import {
  clientCommands,
  type FindFilesAnswer,
  type FindFilesParams,
  findFilesMethod,
  type InitializationOptions,
  type ReadFileAnswer,
  type ReadFileParams,
  readFileMethod,
} from '../../lsp/protocol.ts';
import { ActiveConfiguration, languageId } from './active-configuration.ts';
import { check } from './commands/check.ts';
import { compile } from './commands/compile.ts';
import { dovecot } from './commands/dovecot.ts';
import { expanded } from './commands/expanded.ts';
import { mainFile } from './commands/main-file.ts';
import { migrate } from './commands/migrate.ts';
import { newConfiguration } from './commands/new-configuration.ts';
import { newMailTest } from './commands/new-mail-test.ts';
import { references } from './commands/references.ts';
import type { Feature, Parts } from './feature.ts';
import { registerGraph } from './graph-panel.ts';
import { importedParts } from './imported-parts.ts';
import { MaddyServer } from './maddy-server.ts';
import { mailTests } from './mailtest/mail-tests.ts';
import { PreviewDocuments, previewScheme } from './preview-documents.ts';
import { registerRoute } from './route-panel.ts';
import { walkthrough } from './walkthrough.ts';
import { findWorkspaceFiles, readWorkspaceFile } from './workspace-file.ts';

const features: readonly Feature[] = [
  check,
  compile,
  dovecot,
  expanded,
  importedParts,
  mainFile,
  migrate,
  newConfiguration,
  newMailTest,
  references,
  walkthrough,
  (parts) => registerRoute(parts, registerGraph(parts)),
];

/** What desktop and web have in common; they differ in how the server is started and in features that need processes. */
export async function runLanguageClient(
  context: ExtensionContext,
  create: (options: LanguageClientOptions) => BaseLanguageClient,
  ownFeatures: readonly Feature[] = [],
): Promise<void> {
  const output = window.createOutputChannel('maddy', { log: true });
  const initializationOptions: InitializationOptions = { commands: Object.values(clientCommands) };
  // No scheme: files of remote and virtual workspaces, and untitled ones, get the same service.
  const client = create({ documentSelector: [{ language: languageId }], outputChannel: output, initializationOptions });
  const parts: Parts = {
    context,
    client,
    server: new MaddyServer(client),
    active: new ActiveConfiguration(),
    previews: new PreviewDocuments(),
    inBackground: (work) => {
      work.catch((error: unknown) => output.error(error instanceof Error ? error.message : String(error)));
    },
  };
  // VS Code disposes these when it deactivates the extension, the client among them: it stops the server.
  context.subscriptions.push(
    output,
    client,
    parts.active,
    workspace.registerTextDocumentContentProvider(previewScheme, parts.previews),
    client.onRequest<ReadFileAnswer, void>(readFileMethod, (params: ReadFileParams) => readWorkspaceFile(params.uri)),
    client.onRequest<FindFilesAnswer, void>(findFilesMethod, (params: FindFilesParams) => findWorkspaceFiles(params)),
    client.onDidChangeState(({ newState }) => noteState(client, newState, output)),
    commands.registerCommand('maddy.restartServer', async () => {
      await restart(client);
      window.setStatusBarMessage('maddy: the language server was started anew', 5000);
    }),
    commands.registerCommand('maddy.showLog', () => output.show()),
  );
  for (const feature of [...features, ...ownFeatures]) feature(parts);
  await client.start();
  mailTests(parts);
}

/** An empty log looks like a broken one. */
function noteState({ initializeResult }: BaseLanguageClient, state: State, output: LogOutputChannel): void {
  const { name = 'the language server', version = '' } = initializeResult?.serverInfo ?? {};
  if (state === State.Running) output.info(`${name} ${version} runs`);
  else if (state === State.Stopped) output.info('the language server has ended');
}

async function restart(client: BaseLanguageClient): Promise<void> {
  // One that did not start has nothing to stop.
  if (client.state === State.Running) await client.stop();
  await client.start();
}
