import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { runLanguageClient } from './language-client.ts';
import { runTasks } from './run/run-tasks.ts';
import { sendTestMessage } from './session/send-panel.ts';

export function activate(context: ExtensionContext): Promise<void> {
  const server = { module: context.asAbsolutePath('dist/server.js'), transport: TransportKind.ipc };
  return runLanguageClient(
    context,
    (options) => new LanguageClient('maddy', 'maddy', { run: server, debug: server }, options),
    [runTasks, sendTestMessage],
  );
}
