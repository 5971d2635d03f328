import {
  commands,
  Disposable,
  type ExtensionContext,
  type Position,
  type TextEditor,
  Uri,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import type { GraphAnswer, GraphNodeJson, GraphParams } from '../../lsp/protocol.ts';
import type { FromGraph, ToGraph } from '../views/view-messages.ts';
import { languageId } from './active-configuration.ts';
import { Debounced } from './debounce.ts';
import type { Feature, Parts } from './feature.ts';
import { rangeOf, showPlace, showRefusal } from './places.ts';
import { contentPolicy, createNonce, createPanel } from './webview.ts';

export type ShowRouteInGraph = (uri: Uri, route: GraphParams['route']) => Promise<void>;

/** The ways of mail as a picture: it follows the cursor, and the cursor follows a click. */
export function registerGraph(parts: Parts): ShowRouteInGraph {
  let view: GraphView | null = null;
  const show = async (uri: Uri, route: GraphParams['route']): Promise<void> => {
    const answer = await parts.server.graph({ uri: uri.toString(), route: route ?? null });
    if (!answer.ok) return showRefusal(answer, Uri.parse);
    if (view === null) {
      view = new GraphView(parts, () => {
        view = null;
      });
    }
    view.show(uri, route ?? null, answer);
  };
  const open: Feature = ({ context, active }) => {
    context.subscriptions.push(
      commands.registerCommand('maddy.showGraph', async () => {
        const uri = await active.find();
        if (uri !== null) await show(uri, null);
      }),
      { dispose: () => view?.dispose() },
    );
  };
  open(parts);
  return show;
}

type Graph = Extract<GraphAnswer, { readonly ok: true }>;

class GraphView extends Disposable {
  readonly #parts: Parts;
  readonly #panel: WebviewPanel;
  #about: { readonly uri: Uri; readonly route: GraphParams['route']; readonly graph: Graph } | null = null;

  constructor(parts: Parts, onClose: () => void) {
    const panel = createPanel(parts.context, 'maddy.graph', 'Ways of mail', 'no focus');
    super(() => panel.dispose());
    this.#parts = parts;
    this.#panel = panel;
    const refresh = new Debounced(400, () => parts.inBackground(this.#refresh()));
    const listeners = [
      refresh,
      panel.webview.onDidReceiveMessage((message: FromGraph) => this.#receive(message)),
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.#follow(textEditor)),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document.languageId === languageId) refresh.ask();
      }),
      parts.active.onDidChange((uri) => {
        if (this.#about?.route === null && this.#about.graph.nodes.every((node) => node.uri !== uri.toString())) {
          this.#about = { ...this.#about, uri };
          refresh.ask();
        }
      }),
    ];
    panel.onDidDispose(() => {
      for (const each of listeners) each.dispose();
      onClose();
    });
  }

  show(uri: Uri, route: GraphParams['route'], graph: Graph): void {
    this.#put(uri, route, graph);
    if (!this.#panel.visible) this.#panel.reveal(undefined, true);
  }

  #put(uri: Uri, route: GraphParams['route'], graph: Graph): void {
    const isSame = this.#about?.graph.page === graph.page;
    this.#about = { uri, route, graph };
    // The same picture again would lose what the user zoomed to.
    if (!isSame) this.#panel.webview.html = embedPage(graph.page, this.#parts.context, this.#panel);
  }

  async #refresh(): Promise<void> {
    if (this.#about === null) return;
    const { uri, route } = this.#about;
    const answer = await this.#parts.server.graph({ uri: uri.toString(), route: route ?? null });
    // While something is half typed the last picture stays, and says so.
    // Behind another view it stays there: the user works in that one.
    if (answer.ok) this.#put(uri, route, answer);
    this.#send({
      kind: 'state',
      note: answer.ok ? null : `Picture of the last state without errors: ${answer.message}.`,
    });
  }

  #receive(message: FromGraph): void {
    if (message.kind === 'ready') {
      const editor = window.visibleTextEditors.find(({ document }) => document.languageId === languageId);
      if (editor !== undefined) this.#follow(editor);
      return;
    }
    const node = this.#about?.graph.nodes.find(({ id }) => id === message.id);
    if (node !== undefined) void showPlace(Uri.parse(node.uri), rangeOf(node.range));
  }

  #follow({ document, selection }: TextEditor): void {
    if (document.languageId !== languageId || this.#about === null || this.#about.route !== null) return;
    const node = nodeAround(this.#about.graph.nodes, document.uri, selection.active);
    this.#send({ kind: 'show', id: node?.id ?? null });
  }

  #send(message: ToGraph): void {
    void this.#panel.webview.postMessage(message);
  }
}

/** The innermost one. */
function nodeAround(nodes: readonly GraphNodeJson[], uri: Uri, position: Position): GraphNodeJson | null {
  const around = nodes.filter((node) => {
    const range = rangeOf(node.range);
    return range.contains(position) && Uri.parse(node.uri).toString() === uri.toString();
  });
  const inner = around.toSorted((a, b) => (rangeOf(a.range).contains(rangeOf(b.range)) ? 1 : -1));
  return inner[0] ?? null;
}

/** The page as it is for browsers, with the colours of VS Code and the tie to its editors. */
function embedPage(page: string, { extensionUri }: ExtensionContext, { webview }: WebviewPanel): string {
  const nonce = createNonce();
  const file = (name: string) => webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', name)).toString();
  return page
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, () => contentPolicy(webview.cspSource, nonce))
    .replaceAll('<script', `<script nonce="${nonce}"`)
    .replace('</head>', () => `<link rel="stylesheet" href="${file('graph-view.css')}"></head>`)
    .replace('</body>', () => `<script nonce="${nonce}" src="${file('graph-view.js')}"></script></body>`);
}
