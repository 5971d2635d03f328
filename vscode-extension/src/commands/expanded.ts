import {
  commands,
  type Definition,
  type DefinitionProvider,
  Disposable,
  Location,
  languages,
  type Position,
  type TextDocument,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import type { ExpandedTextAnswer } from '../../../lsp/protocol.ts';
import { languageId } from '../active-configuration.ts';
import { Debounced } from '../debounce.ts';
import type { Feature, Parts } from '../feature.ts';
import { rangeOf, showRefusal } from '../places.ts';
import { PreviewDocuments, previewLanguageId } from '../preview-documents.ts';

/** The configuration without macros, snippets and imports, beside its source and up to date with it. */
export const expanded: Feature = (parts) => {
  const views = new ExpandedViews(parts);
  parts.context.subscriptions.push(
    views,
    commands.registerCommand('maddy.showExpanded', () => views.open()),
    languages.registerDefinitionProvider({ language: previewLanguageId }, views),
  );
};

type Origins = Extract<ExpandedTextAnswer, { readonly ok: true }>['origins'];

class ExpandedViews extends Disposable implements DefinitionProvider {
  readonly #parts: Parts;
  /** By address of the view: what it was made from, and where its lines come from. */
  readonly #shown = new Map<string, { readonly view: Uri; readonly source: Uri; origins: Origins }>();

  constructor(parts: Parts) {
    super(() => {
      for (const each of [refresh, changes, closes]) each.dispose();
    });
    this.#parts = parts;
    const refresh = new Debounced(300, () => parts.inBackground(this.#refresh()));
    const changes = workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId === languageId && this.#shown.size > 0) refresh.ask();
    });
    const closes = workspace.onDidCloseTextDocument(({ uri }) => {
      if (this.#shown.delete(uri.toString())) parts.previews.forget(uri);
    });
  }

  async open(): Promise<void> {
    const { active, previews, server } = this.#parts;
    const source = await active.find();
    if (source === null) return;
    const answer = await server.expandedText({ uri: source.toString() });
    if (!answer.ok) return showRefusal(answer, Uri.parse);
    const main = Uri.parse(answer.main);
    const name = main.path.slice(main.path.lastIndexOf('/') + 1);
    const view = PreviewDocuments.uriOf(main, `${name} (expanded)`);
    previews.put(view, answer.text);
    const document = await workspace.openTextDocument(view);
    await languages.setTextDocumentLanguage(document, previewLanguageId);
    // Only now: another language counts as closing.
    this.#shown.set(view.toString(), { view, source: main, origins: answer.origins });
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: false });
  }

  /** From a line of the view to the line that it comes from. */
  provideDefinition({ uri }: TextDocument, { line }: Position): Definition | null {
    const origin = this.#shown.get(uri.toString())?.origins[line] ?? null;
    return origin === null ? null : new Location(Uri.parse(origin.uri), rangeOf(origin.range));
  }

  async #refresh(): Promise<void> {
    for (const shown of this.#shown.values()) {
      const answer = await this.#parts.server.expandedText({ uri: shown.source.toString() });
      // While something is half typed the last good form stays.
      if (!answer.ok) continue;
      shown.origins = answer.origins;
      this.#parts.previews.put(shown.view, answer.text);
    }
  }
}
