import { commands, Disposable, Range, Uri, type WebviewPanel, workspace } from 'vscode';
import { clientCommands, type RouteAnswer, type RouteFormAnswer } from '../../lsp/protocol.ts';
import type { Envelope, FromRoute, ToRoute } from '../views/view-messages.ts';
import { languageId } from './active-configuration.ts';
import { Debounced } from './debounce.ts';
import type { Parts } from './feature.ts';
import type { ShowRouteInGraph } from './graph-panel.ts';
import { showPlace, showRefusal } from './places.ts';
import { contentPolicy, createNonce, createPanel } from './webview.ts';

/** A form for one message's envelope, and the way that it takes. */
export function registerRoute(parts: Parts, showInGraph: ShowRouteInGraph): void {
  let view: RouteView | null = null;
  const open = async (uri: Uri | null, endpoint: string | null): Promise<void> => {
    if (uri === null) return;
    const form = await parts.server.routeForm({ uri: uri.toString() });
    if (!form.ok) return showRefusal(form, Uri.parse);
    if (view === null) {
      view = new RouteView(parts, showInGraph, () => {
        view = null;
      });
    }
    view.show(uri, form, endpoint);
  };
  parts.context.subscriptions.push(
    commands.registerCommand('maddy.route', async () => open(await parts.active.find(), null)),
    commands.registerCommand(clientCommands.routeFrom, (uri: string, endpoint: string | null) =>
      open(Uri.parse(uri), endpoint),
    ),
    { dispose: () => view?.dispose() },
  );
}

type Form = Extract<RouteFormAnswer, { readonly ok: true }>;

class RouteView extends Disposable {
  readonly #parts: Parts;
  readonly #panel: WebviewPanel;
  readonly #showInGraph: ShowRouteInGraph;
  #about: { readonly uri: Uri; readonly form: Form; readonly endpoint: string | null } | null = null;
  #answer: Extract<RouteAnswer, { readonly ok: true }> | null = null;

  constructor(parts: Parts, showInGraph: ShowRouteInGraph, onClose: () => void) {
    const panel = createPanel(parts.context, 'maddy.route', 'Route a message', 'focus');
    super(() => panel.dispose());
    this.#parts = parts;
    this.#panel = panel;
    this.#showInGraph = showInGraph;
    const stale = new Debounced(200, () => {
      if (this.#answer !== null) this.#send({ kind: 'stale' });
    });
    const listeners = [
      stale,
      panel.webview.onDidReceiveMessage((message: FromRoute) => parts.inBackground(this.#receive(message))),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // Saving is told as a change without changes.
        if (document.languageId === languageId && contentChanges.length > 0) stale.ask();
      }),
    ];
    panel.onDidDispose(() => {
      for (const each of listeners) each.dispose();
      onClose();
    });
    panel.webview.html = formPage(parts, panel);
  }

  show(uri: Uri, form: Form, endpoint: string | null): void {
    this.#about = { uri, form, endpoint };
    this.#panel.reveal();
    // Before the page is ready this is lost, and sent once more when it is.
    this.#sendForm();
  }

  #sendForm(): void {
    if (this.#about === null) return;
    const { form, endpoint } = this.#about;
    const { endpoints, localDomains, checks, verdicts } = form;
    const file = workspace.asRelativePath(Uri.parse(form.main));
    this.#send({ kind: 'form', file, form: { endpoints, localDomains, checks, verdicts }, endpoint });
  }

  async #receive(message: FromRoute): Promise<void> {
    switch (message.kind) {
      case 'ready':
        return this.#sendForm();
      case 'route':
        return this.#route(message.envelope);
      case 'graph':
        if (this.#about !== null) await this.#showInGraph(this.#about.uri, message.envelope);
        return;
      case 'show': {
        const uri = this.#answer?.uris[message.file];
        if (uri !== undefined) await showPlace(Uri.parse(uri), new Range(message.line - 1, 0, message.line - 1, 0));
      }
    }
  }

  async #route(envelope: Envelope): Promise<void> {
    if (this.#about === null) return;
    const answer = await this.#parts.server.route({ uri: this.#about.uri.toString(), ...envelope });
    this.#answer = answer.ok ? answer : null;
    if (answer.ok) this.#send({ kind: 'answer', route: answer.route, text: answer.text, names: namesOf(answer.uris) });
    else this.#send({ kind: 'refused', message: answer.message });
  }

  #send(message: ToRoute): void {
    void this.#panel.webview.postMessage(message);
  }
}

/** Files of an answer as the user knows them, by their paths. */
function namesOf(uris: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(uris).map(([path, uri]) => [path, workspace.asRelativePath(Uri.parse(uri))]),
  );
}

function formPage({ context: { extensionUri } }: Parts, { webview }: WebviewPanel): string {
  const nonce = createNonce();
  const file = (name: string) => webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', name)).toString();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${contentPolicy(webview.cspSource, nonce)}
<title>Route a message</title>
<link rel="stylesheet" href="${file('route-view.css')}">
</head>
<body>
<h1>Where does a message go? <span id="file"></span></h1>
<form id="form">
<label>Sender (MAIL FROM) <input id="from" name="from" spellcheck="false" placeholder="empty: the null sender of bounces"></label>
<label>Recipients (RCPT TO) <input id="to" name="to" spellcheck="false" required placeholder="several: with spaces between them"></label>
<label>Endpoint <select id="endpoint"></select></label>
<label id="login">Logged in as <input id="auth" spellcheck="false" placeholder="nobody"></label>
<label>Client's address <input id="ip" spellcheck="false" placeholder="any"></label>
<fieldset id="checks"><legend>What checks say</legend></fieldset>
<p><button type="submit">Route</button> <button type="button" id="graph" class="secondary">Show in the Picture</button></p>
</form>
<section id="answer" aria-live="polite"></section>
<script nonce="${nonce}" src="${file('route-view.js')}"></script>
</body>
</html>
`;
}
