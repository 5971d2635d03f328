import { type ExtensionContext, Uri } from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { runLanguageClient } from './language-client.ts';

export function activate(context: ExtensionContext): Promise<void> {
  const script = Uri.joinPath(context.extensionUri, 'dist/server-worker.js').toString(true);
  let worker: Worker | null = null;
  // A restarted server is a new worker: the old one may hang.
  const startWorker = async () => {
    worker?.terminate();
    worker = new Worker(script);
    // Not the worker itself: VS Code's own workers are none by `instanceof`, by which the client tells.
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  context.subscriptions.push({ dispose: () => worker?.terminate() });
  return runLanguageClient(context, (options) => new LanguageClient('maddy', 'maddy', startWorker, options));
}
