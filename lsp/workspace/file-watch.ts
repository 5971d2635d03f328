import { DidChangeWatchedFilesNotification, type FileSystemWatcher } from 'vscode-languageserver';
import { URI, Utils } from 'vscode-uri';
import type { Session } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

/** Milliseconds in which an editor that saves all its files is done. */
const saving = 500;

/** Files that no editor has open: the client tells when they change, or they are read again when something is saved. */
export class FileWatch {
  readonly #session: Session;
  readonly #later: Surroundings['later'];
  readonly #changed: () => void;
  #watched = '';
  #registration: Promise<{ dispose(): void }> | null = null;

  /** `scanned`: a file of an open folder is there, is not there any more, or is another one. */
  constructor(session: Session, { later }: Surroundings, changed: () => void, scanned: () => void) {
    this.#session = session;
    this.#later = later;
    this.#changed = changed;
    const { connection, workspace } = session;
    connection.onDidChangeWatchedFiles(({ changes }) => {
      const known = changes.filter(({ uri }) => workspace.snapshot.forget(uri));
      if (known.length > 0) this.#changed();
      if (changes.some(({ uri }) => isOfFolder(uri))) scanned();
    });
  }

  /** The client tells that it has written a document. */
  saved(): void {
    if (this.#session.client.watchesFiles) return;
    this.#readAgain();
    // Kate saves all files when it has renamed something, and tells of those alone that it has sent here.
    this.#later(() => this.#readAgain(), saving);
  }

  #readAgain(): void {
    this.#session.workspace.snapshot.forgetAll();
    this.#changed();
  }

  /** Watches exactly the files that some analysis has asked for: nothing else costs the editor anything. */
  update(): void {
    const { client, connection, workspace, faults } = this.#session;
    if (!client.watchesFiles) return;
    const isInside = (uri: string): boolean => client.folders.some((folder) => uri.startsWith(`${folder}/`));
    const files = [...workspace.watched()].filter((uri) => !(isInside(uri) && isOfFolder(uri))).sort();
    const identity = [...client.folders, '', ...files].join('\n');
    if (identity === this.#watched) return;
    this.#watched = identity;
    const previous = this.#registration;
    const watchers = [
      ...client.folders.map((folder) => folderWatcher(folder, client.relativePatterns)),
      ...files.map((uri) => watcherOf(uri, client.relativePatterns)),
    ];
    this.#registration = connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    void faults.answer('didChangeWatchedFiles', null, async () => {
      (await previous)?.dispose();
      await this.#registration;
    });
  }
}

const ofFolder = '**/{*.conf,*.maddy,maddyc.json}';

/** Whether the watcher of a folder tells about the file. */
function isOfFolder(uri: string): boolean {
  return /\.(?:conf|maddy)$|\/maddyc\.json$/.test(uri);
}

function folderWatcher(folder: string, relativePatterns: boolean): FileSystemWatcher {
  if (relativePatterns) return { globPattern: { baseUri: folder, pattern: ofFolder } };
  return { globPattern: `${URI.parse(folder).path}/${ofFolder}` };
}

function watcherOf(uri: string, relativePatterns: boolean): FileSystemWatcher {
  const parsed = URI.parse(uri);
  const name = Utils.basename(parsed).replace(/[[\]{}*?\\]/g, '[$&]');
  if (!relativePatterns) return { globPattern: `${Utils.dirname(parsed).path}/${name}` };
  return { globPattern: { baseUri: Utils.dirname(parsed).toString(), pattern: name } };
}
