import { type Connection, type TextDocumentContentChangeEvent, TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileState } from '../../compiler/host.ts';
import type { PositionCodec } from '../text/position-encoding.ts';
import { normalUri } from './locations.ts';

export interface DocumentEvents {
  opened(uri: string): void;
  changed(uri: string): void;
  closed(uri: string): void;
  saved(): void;
}

/** The documents that the editor has open, kept up to date by its edits. */
export class OpenDocuments {
  readonly #texts: TextDocuments<TextDocument>;
  /** By normal URI; the state is made anew for each version of the text. */
  readonly #byUri = new Map<
    string,
    { readonly document: TextDocument; readonly version: number; readonly state: FileState }
  >();

  constructor(codec: PositionCodec) {
    this.#texts = new TextDocuments({
      create: TextDocument.create,
      update: (document: TextDocument, changes: TextDocumentContentChangeEvent[], version: number) => {
        // One by one: each change counts in the text that the one before left.
        for (const change of changes) {
          const edit = 'range' in change ? { range: codec.toUtf16(document, change.range), text: change.text } : change;
          TextDocument.update(document, [edit], version);
        }
        return document;
      },
    });
  }

  listen(connection: Connection, events: DocumentEvents): void {
    this.#texts.onDidOpen(({ document }) => {
      this.#note(document);
      events.opened(normalUri(document.uri));
    });
    this.#texts.onDidChangeContent(({ document }) => {
      this.#note(document);
      events.changed(normalUri(document.uri));
    });
    this.#texts.onDidClose(({ document }) => {
      this.#byUri.delete(normalUri(document.uri));
      events.closed(normalUri(document.uri));
    });
    this.#texts.onDidSave(() => events.saved());
    // It takes every notification about documents: another listener for one of them would not be called.
    this.#texts.listen(connection);
  }

  #note(document: TextDocument): void {
    const uri = normalUri(document.uri);
    const { version } = document;
    const known = this.#byUri.get(uri);
    if (known?.document === document && known.version === version) return;
    this.#byUri.set(uri, { document, version, state: { kind: 'text', text: document.getText() } });
  }

  uris(): readonly string[] {
    return [...this.#byUri.keys()];
  }

  documentOf(uri: string): TextDocument | undefined {
    return this.#byUri.get(uri)?.document;
  }

  stateOf(uri: string): FileState | undefined {
    return this.#byUri.get(uri)?.state;
  }
}
