import { CodeLensRefreshRequest, InlayHintRefreshRequest, SemanticTokensRefreshRequest } from 'vscode-languageserver';
import type { Session } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

/** Milliseconds without news before an editor is asked to look again: every key would be too often. */
const pause = 200;

/**
 * What editors show beside a text also depends on the other files of its configuration, and on the dialect, which is known
 * only after an analysis; of a change of these the editor must be told.
 */
export class ScreenRefresh {
  readonly #session: Session;
  readonly #surroundings: Surroundings;
  /** By open document: its dialect, and the other texts. */
  #seen = new Map<string, readonly unknown[]>();
  #dueAt: number | null = null;

  constructor(session: Session, surroundings: Surroundings) {
    this.#session = session;
    this.#surroundings = surroundings;
  }

  /** After each analysis. */
  look(): void {
    const { client, workspace } = this.#session;
    if (!client.refreshesSemanticTokens && !client.refreshesInlayHints && !client.refreshesCodeLenses) return;
    const seen = new Map<string, readonly unknown[]>();
    let isOther = false;
    for (const uri of workspace.open.uris()) {
      const document = workspace.documentOf(uri);
      const others = workspace.projectOf(uri).documents.filter((each) => each !== document);
      const now = [document?.dialect, ...others];
      // What was answered before the first analysis took the text for one of maddy, and by itself.
      const before = this.#seen.get(uri) ?? ['maddy'];
      isOther ||= now.length !== before.length || now.some((each, index) => each !== before[index]);
      seen.set(uri, now);
    }
    this.#seen = seen;
    if (!isOther) return;
    const isWaiting = this.#dueAt !== null;
    this.#dueAt = this.#surroundings.now() + pause;
    if (!isWaiting) this.#surroundings.later(() => void this.#refreshWhenDue(), pause);
  }

  async #refreshWhenDue(): Promise<void> {
    const left = (this.#dueAt ?? 0) - this.#surroundings.now();
    if (left > 0) return this.#surroundings.later(() => void this.#refreshWhenDue(), left);
    this.#dueAt = null;
    const { client, connection, faults } = this.#session;
    const wanted = [
      ...(client.refreshesSemanticTokens ? [SemanticTokensRefreshRequest.type] : []),
      ...(client.refreshesInlayHints ? [InlayHintRefreshRequest.type] : []),
      ...(client.refreshesCodeLenses ? [CodeLensRefreshRequest.type] : []),
    ];
    await faults.answer('refresh', null, () => Promise.all(wanted.map((type) => connection.sendRequest(type))));
  }
}
