import { commands, type Disposable, type ExtensionContext, window } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { type ReadFileAnswer, type ReadFileParams, readFileMethod } from '../../lsp/protocol.ts';
import { readWorkspaceFile } from './workspace-file.ts';

/** What desktop and web have in common; they differ only in how the server is started. */
export async function runLanguageClient(
  context: ExtensionContext,
  create: (options: LanguageClientOptions) => BaseLanguageClient,
): Promise<void> {
  const output = window.createOutputChannel('maddy', { log: true });
  // No scheme: files of remote and virtual workspaces, and untitled ones, get the same service.
  const client = create({ documentSelector: [{ language: 'maddy' }], outputChannel: output });
  // VS Code disposes these when it deactivates the extension, the client among them: it stops the server.
  context.subscriptions.push(
    output,
    client,
    client.onRequest<ReadFileAnswer, void>(readFileMethod, (params: ReadFileParams) => readWorkspaceFile(params.uri)),
    register('maddy.restartServer', () => restart(client)),
    register('maddy.showLog', () => output.show()),
  );
  await client.start();
}

async function restart(client: BaseLanguageClient): Promise<void> {
  await client.stop();
  await client.start();
}

function register(command: string, run: () => unknown): Disposable {
  return commands.registerCommand(command, run);
}
