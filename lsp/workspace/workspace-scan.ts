import type { Diagnostic } from 'vscode-languageserver';
import type { Dialect } from '../../grammar/dialect.ts';
import type { Session } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';
import { findMainFiles } from './find-main-files.ts';

/** What one configuration that nobody has open says about its files. */
interface Scanned {
  readonly sources: ReadonlySet<string>;
  readonly dialect: Dialect;
  readonly findings: ReadonlyMap<string, readonly Diagnostic[]>;
}

/** Files that are read at the same time, and forgotten together: what they have in common is read once for all of them. */
const filesPerRound = 8;

/** Milliseconds between pauses, in which requests are answered while a folder of thousands of files is looked through. */
const longestStretch = 10;

/** Milliseconds; editors open a document right after they have started the server. */
const firstPause = 300;

type Parts = Pick<Session, 'client' | 'connection' | 'faults' | 'reports' | 'workspace'>;

/** The configurations of the folders that are open: what is wrong in files that nobody looks at, and who imports what. */
export class WorkspaceScan {
  readonly #session: Parts;
  readonly #surroundings: Surroundings;
  readonly #finished: () => void;
  readonly #scanned = new Map<string, Scanned>();
  #isWanted = false;
  #isRunning = false;
  #isStale = false;

  constructor(session: Parts, surroundings: Surroundings, finished: () => void) {
    this.#session = session;
    this.#surroundings = surroundings;
    this.#finished = finished;
  }

  /** Every text that takes part. */
  sources(): ReadonlySet<string> {
    return new Set([...this.#scanned.values()].flatMap(({ sources }) => [...sources]));
  }

  /** Every main file with the texts that it is made of, itself among them. */
  configurations(): readonly ({ readonly main: string } & Pick<Scanned, 'sources' | 'dialect'>)[] {
    return [...this.#scanned].map(([main, { sources, dialect }]) => ({ main, sources, dialect }));
  }

  /** Main files that import the text, as far as is known. */
  importersOf(uri: string): readonly string[] {
    return [...this.#scanned].flatMap(([main, { sources }]) => (sources.has(uri) ? [main] : []));
  }

  /** Findings by file, of those that no open document has a say about. */
  findings(): ReadonlyMap<string, readonly Diagnostic[]> {
    const live = new Set(this.#session.workspace.knownUris());
    const all = new Map<string, readonly Diagnostic[]>();
    for (const [main, { findings }] of this.#scanned) {
      if (live.has(main)) continue;
      for (const [uri, items] of findings) {
        if (!live.has(uri)) all.set(uri, different([...(all.get(uri) ?? []), ...items]));
      }
    }
    return all;
  }

  want(isWanted: boolean): void {
    if (this.#isWanted === isWanted) return;
    this.#isWanted = isWanted;
    // The document that the user looks at comes first.
    this.#surroundings.later(() => void this.run(), firstPause);
  }

  /** Looks through all folders; while that is going on, another wish makes it start over afterwards. */
  async run(): Promise<void> {
    if (this.#isRunning) {
      this.#isStale = true;
      return;
    }
    this.#isRunning = true;
    do {
      this.#isStale = false;
      await this.#session.faults.answer('workspace', null, () => this.#round());
    } while (this.#isStale);
    this.#isRunning = false;
    this.#finished();
  }

  async #round(): Promise<void> {
    const { client, workspace } = this.#session;
    const mains: string[] = [];
    if (this.#isWanted) {
      for (const folder of client.folders) {
        mains.push(...(await findMainFiles(folder, workspace.snapshot, this.#surroundings)));
      }
    }
    for (const known of this.#scanned.keys()) if (!mains.includes(known)) this.#scanned.delete(known);
    const progress = await this.#progress(mains.length);
    for (let from = 0; from < mains.length && !this.#isStale; from += filesPerRound) {
      const round = mains.slice(from, from + filesPerRound);
      await workspace.snapshot.loadMissing(round);
      await this.#lookAll(round);
      workspace.forgetUnused();
      const done = from + round.length;
      progress?.report(Math.round((100 * done) / mains.length), `${done} of ${mains.length}`);
      await this.#pause();
    }
    progress?.done();
  }

  async #lookAll(mains: readonly string[]): Promise<void> {
    let since = this.#surroundings.now();
    for (const main of mains) {
      if (this.#isStale) return;
      await this.#look(main);
      if (this.#surroundings.now() - since < longestStretch) continue;
      await this.#pause();
      since = this.#surroundings.now();
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => this.#surroundings.later(resolve, 0));
  }

  /** Nothing but the findings is kept: the analyses of a thousand files would fill the memory. */
  async #look(main: string): Promise<void> {
    const { workspace, reports } = this.#session;
    if (workspace.mains().includes(main)) return;
    const analysis = await workspace.settled(main);
    const uris = [...analysis.sources.keys(), ...(analysis.settingsUri === null ? [] : [analysis.settingsUri])];
    this.#scanned.set(main, {
      sources: new Set(analysis.sources.keys()),
      dialect: analysis.dialect,
      findings: new Map(uris.map((uri) => [uri, reports.inAnalysis(uri, analysis)])),
    });
    workspace.forgetAnalysis(main);
  }

  async #progress(files: number) {
    const { client, connection } = this.#session;
    if (!client.showsProgress || files <= filesPerRound) return null;
    const progress = await connection.window.createWorkDoneProgress();
    progress.begin('Checking maddy configurations', 0);
    return progress;
  }
}

function different(items: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
