import { EventEmitter, type TextDocumentContentProvider, Uri } from 'vscode';

export const previewScheme = 'maddy-preview';

/** Texts that are made from configurations; read-only, in no file. */
export class PreviewDocuments implements TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;

  /** Address of the document that is called `name` and was made from `source`. */
  static uriOf(source: Uri, name: string): Uri {
    return Uri.from({ scheme: previewScheme, path: `/${name}`, query: source.toString() });
  }

  put(uri: Uri, text: string): void {
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
  }

  forget(uri: Uri): void {
    this.#texts.delete(uri.toString());
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }
}

/** Language of previews: coloured like configurations, but not checked, since the findings stand in the source. */
export const previewLanguageId = 'maddy-preview';
