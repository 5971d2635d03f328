import { Disposable, Range, Uri, type WebviewPanel, workspace } from 'vscode';
import type { RouteFormAnswer } from '../../lsp/protocol.ts';
import type { FromForm, Places, ToForm } from '../views/view-messages.ts';
import { languageId } from './active-configuration.ts';
import { Debounced } from './debounce.ts';
import type { Parts } from './feature.ts';
import { showPlace, showRefusal } from './places.ts';
import { contentPolicy, createNonce, createPanel } from './webview.ts';

export interface FormLooks {
  readonly type: string;
  readonly title: string;
  readonly heading: string;
  /** Script and style sheet of the page. */
  readonly view: 'route-view' | 'send-view';
  /** HTML of what this form asks in addition, and of its buttons. */
  readonly fields: string;
  readonly buttons: string;
}

type Form = Extract<RouteFormAnswer, { readonly ok: true }>;

interface About {
  readonly uri: Uri;
  readonly form: Form;
  readonly endpoint: string | null;
}

/** A form for a message's envelope, about one configuration; its page gets `To`, and `Own` are the messages that only it sends. */
export class MessageForm<To, Own extends { readonly kind: string }> extends Disposable {
  readonly #panel: WebviewPanel;
  readonly #receiveOwn: (message: Own) => Promise<void>;
  #about: About | null = null;
  #uris: Readonly<Record<string, string>> = {};
  #hasAnswer = false;
  #isOpen = true;

  constructor(parts: Parts, looks: FormLooks, receive: (message: Own) => Promise<void>, onClose: () => void) {
    const panel = createPanel(parts.context, looks.type, looks.title, 'focus');
    super(() => panel.dispose());
    this.#panel = panel;
    this.#receiveOwn = receive;
    const stale = new Debounced(200, () => {
      if (this.#hasAnswer) this.send({ kind: 'stale' });
    });
    const listeners = [
      stale,
      panel.webview.onDidReceiveMessage((message: FromForm | Own) => parts.inBackground(this.#receive(message))),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // Saving is told as a change without changes.
        if (document.languageId === languageId && contentChanges.length > 0) stale.ask();
      }),
    ];
    panel.onDidDispose(() => {
      this.#isOpen = false;
      for (const each of listeners) each.dispose();
      onClose();
    });
    panel.webview.html = page(parts, panel, looks);
  }

  /** Null before the form was shown. */
  get about(): About | null {
    return this.#about;
  }

  show(about: About): void {
    this.#about = about;
    this.#panel.reveal();
    // Before the page is ready this is lost, and sent once more when it is.
    this.#sendForm();
  }

  send(message: ToForm | To): void {
    // An answer may come after the form was closed.
    if (this.#isOpen) void this.#panel.webview.postMessage(message);
  }

  refuse(message: string): void {
    this.#hasAnswer = false;
    this.send({ kind: 'refused', message });
  }

  /** Files of an answer as the user knows them; from now on the page may ask to see their lines. */
  placesIn(uris: Readonly<Record<string, string>>, main: string): Places {
    this.#hasAnswer = true;
    this.#uris = uris;
    const names = Object.entries(uris).map(([path, uri]) => [path, workspace.asRelativePath(Uri.parse(uri))]);
    const [path = ''] = Object.entries(uris).find(([, uri]) => Uri.parse(uri).toString() === main) ?? [];
    return { main: path, names: Object.fromEntries(names) };
  }

  #sendForm(): void {
    if (this.#about === null) return;
    const { form, endpoint } = this.#about;
    const { endpoints, localDomains } = form;
    const file = workspace.asRelativePath(Uri.parse(form.main));
    this.send({ kind: 'form', file, form: { endpoints, localDomains }, endpoint });
  }

  async #receive(message: FromForm | Own): Promise<void> {
    if (isOfForm(message)) {
      if (message.kind === 'ready') return this.#sendForm();
      const uri = this.#uris[message.file];
      if (uri !== undefined) await showPlace(Uri.parse(uri), new Range(message.line - 1, 0, message.line - 1, 0));
      return;
    }
    await this.#receiveOwn(message);
  }
}

function isOfForm(message: FromForm | { readonly kind: string }): message is FromForm {
  return message.kind === 'ready' || message.kind === 'show';
}

/** Opens the one form of a kind for a configuration; `endpoint` is chosen in it. */
export function formOpener<To, Own extends { readonly kind: string }>(
  parts: Parts,
  create: (onClose: () => void) => MessageForm<To, Own>,
): (uri: Uri | null, endpoint: string | null) => Promise<void> {
  let form: MessageForm<To, Own> | null = null;
  parts.context.subscriptions.push({ dispose: () => form?.dispose() });
  return async (uri, endpoint) => {
    if (uri === null) return;
    const answer = await parts.server.routeForm({ uri: uri.toString() });
    if (!answer.ok) return showRefusal(answer, Uri.parse);
    form ??= create(() => {
      form = null;
    });
    form.show({ uri, form: answer, endpoint });
  };
}

function page({ context: { extensionUri } }: Parts, { webview }: WebviewPanel, looks: FormLooks): string {
  const nonce = createNonce();
  const file = (name: string) => webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', name)).toString();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${contentPolicy(webview.cspSource, nonce)}
<title>${looks.title}</title>
<link rel="stylesheet" href="${file(`${looks.view}.css`)}">
</head>
<body>
<h1>${looks.heading} <span id="file"></span></h1>
<form id="form">
<label>Sender (MAIL FROM) <input id="from" name="from" spellcheck="false" placeholder="empty: the null sender of bounces"></label>
<label>Recipients (RCPT TO) <input id="to" name="to" spellcheck="false" required placeholder="several: with spaces between them"></label>
<label>Endpoint <select id="endpoint"></select></label>
<label id="login">Logged in as <input id="auth" spellcheck="false" placeholder="nobody"></label>
<label>Client's address <input id="ip" spellcheck="false" placeholder="any"></label>
${looks.fields}<fieldset id="checks"><legend>What checks say</legend></fieldset>
<p>${looks.buttons}</p>
</form>
<section id="answer" aria-live="polite"></section>
<script nonce="${nonce}" src="${file(`${looks.view}.js`)}"></script>
</body>
</html>
`;
}
