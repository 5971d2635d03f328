import { commands, Disposable, EventEmitter, type TextEditor, type Uri, window, workspace } from 'vscode';

export const languageId = 'maddy';

/** The configuration that commands are about: the one in the active editor, or the last one that was. */
export class ActiveConfiguration extends Disposable {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  #last: Uri | null = null;

  constructor() {
    super(() => {
      follow.dispose();
      this.#changed.dispose();
    });
    const follow = window.onDidChangeActiveTextEditor((editor) => this.#see(editor));
    for (const editor of window.visibleTextEditors) this.#see(editor);
    this.#see(window.activeTextEditor);
  }

  /** Null when no configuration was opened yet. */
  get uri(): Uri | null {
    return this.#last;
  }

  /** Also looks into the folder that is open; null when it holds none, which the user is told. */
  async find(): Promise<Uri | null> {
    const open = workspace.textDocuments.find((document) => document.languageId === languageId);
    const [first] =
      this.#last !== null || open !== undefined ? [] : await workspace.findFiles('**/maddy.conf', null, 1);
    const found = this.#last ?? open?.uri ?? first ?? null;
    if (found === null) void window.showInformationMessage('Open the configuration first: no maddy.conf is open here.');
    return found;
  }

  #see(editor: TextEditor | undefined): void {
    if (editor?.document.languageId !== languageId) return;
    const { uri } = editor.document;
    if (uri.toString() === this.#last?.toString()) return;
    this.#last = uri;
    void commands.executeCommand('setContext', 'maddy.hasConfiguration', true);
    this.#changed.fire(uri);
  }
}
