import { type EditorDocument, openDocument } from '../../compiler/editor/editor-document.ts';
import type { FileState } from '../../compiler/host.ts';
import type { Dialect } from '../../grammar/dialect.ts';
import { decodeText } from '../../grammar/encoding.ts';
import { normalUri, pathOf } from './locations.ts';
import type { OpenDocuments } from './open-documents.ts';

/** Texts as they are now: open documents as the editor has them, other files as they were read. */
export class Snapshot {
  readonly #open: OpenDocuments;
  readonly #readFile: (uri: string) => Promise<FileState>;
  readonly #files = new Map<string, FileState>();
  readonly #loading = new Map<string, Promise<void>>();
  readonly #documents = new WeakMap<FileState, EditorDocument>();

  constructor(open: OpenDocuments, readFile: (uri: string) => Promise<FileState>) {
    this.#open = open;
    this.#readFile = readFile;
  }

  /** The same object as long as the text is the same; undefined while nobody has read the file. */
  stateOf(uri: string): FileState | undefined {
    return this.#open.stateOf(uri) ?? this.#files.get(uri);
  }

  documentOf(uri: string, dialect: Dialect): EditorDocument | null {
    const state = this.stateOf(uri);
    if (state === undefined || (state.kind !== 'text' && state.kind !== 'bytes')) return null;
    let document = this.#documents.get(state);
    if (document?.dialect !== dialect) {
      document = openDocument(pathOf(uri), state.kind === 'text' ? state.text : decodeText(state.bytes), dialect);
      this.#documents.set(state, document);
    }
    return document;
  }

  /** Resolves when the state of each is known. */
  async loadMissing(uris: readonly string[]): Promise<void> {
    await Promise.all(uris.map((uri) => (this.stateOf(uri) === undefined ? this.load(uri) : undefined)));
  }

  /** Resolves when the file's state is known. */
  load(uri: string): Promise<void> {
    const running = this.#loading.get(uri);
    if (running !== undefined) return running;
    const loading = this.#readFile(uri).then((state) => {
      // A file that was forgotten meanwhile is read again by whoever needs it.
      if (this.#loading.get(uri) !== loading) return;
      this.#loading.delete(uri);
      this.#files.set(uri, state);
    });
    this.#loading.set(uri, loading);
    return loading;
  }

  /** The file as it is now, open or not; nothing is kept of it. */
  async read(uri: string): Promise<FileState> {
    return this.#open.stateOf(uri) ?? (await this.#readFile(uri));
  }

  /** The file has changed, or may have: it is read again when it is needed. True when it was known. */
  forget(uri: string): boolean {
    const key = normalUri(uri);
    this.#loading.delete(key);
    return this.#files.delete(key);
  }

  /** Forgets all files but these. */
  keepOnly(uris: ReadonlySet<string>): void {
    for (const uri of this.#files.keys()) if (!uris.has(uri)) this.#files.delete(uri);
  }

  forgetAll(): void {
    this.#files.clear();
    this.#loading.clear();
  }
}
