import type { EditorDocument } from '../../compiler/editor/editor-document.ts';
import type { Project } from '../../compiler/editor/scopes.ts';
import type { Dialect } from '../../grammar/dialect.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Analysis, AnalysisCache } from './analysis-cache.ts';
import { normalUri, pathOf, uriOf } from './locations.ts';
import type { OpenDocuments } from './open-documents.ts';
import type { Snapshot } from './snapshot.ts';

/** A chain of imports may be as deep as this before loading gives up; each round loads one level. */
const MOST_ROUNDS = 300;

/** Name of the file that imports are looked for in when only a part of a configuration is open. */
const usualMain = 'maddy.conf';

const MOST_SUGGESTED = 200;

/** The open documents and the configurations that they are part of. */
export class Workspace {
  readonly open: OpenDocuments;
  readonly snapshot: Snapshot;
  readonly #analyses: AnalysisCache;
  readonly #folders: readonly string[];
  readonly #findFiles: Surroundings['findFiles'];
  /** Main files that are not open, by the open part that led to them. */
  readonly #discovered = new Map<string, ReadonlySet<string>>();
  /** By document, where the user has said for which main file requests are answered. */
  readonly #chosen = new Map<string, string>();

  constructor(
    open: OpenDocuments,
    snapshot: Snapshot,
    analyses: AnalysisCache,
    folders: readonly string[],
    findFiles: Surroundings['findFiles'],
  ) {
    this.#findFiles = findFiles;
    this.open = open;
    this.snapshot = snapshot;
    this.#analyses = analyses;
    this.#folders = folders;
  }

  /** Looks for the configuration that a newly opened file is part of; true when there is one. */
  async discover(uri: string, importers: readonly string[] = []): Promise<boolean> {
    // Whoever judges it soon finds them read.
    void this.snapshot.loadMissing(this.#analyses.unread(uri));
    const found = new Set<string>();
    for (const main of new Set([...this.#mainsAbove(uri), ...importers])) {
      const analysis = await this.settled(main);
      if (analysis.sources.has(uri)) found.add(main);
      else if (this.open.stateOf(main) === undefined) this.#analyses.forget(main);
    }
    const isPart = found.size > 0 && this.open.stateOf(uri) !== undefined;
    if (isPart) this.#discovered.set(uri, found);
    return isPart;
  }

  /** Open documents that a main file imports. */
  openPartsOf(main: string): readonly string[] {
    return this.open.uris().filter((uri) => uri !== main && this.#imports(main, uri));
  }

  close(uri: string): void {
    this.#discovered.delete(uri);
    this.#chosen.delete(uri);
    this.snapshot.forget(uri);
    this.forgetAnalysis(uri);
    this.forgetUnused();
  }

  /** Of a main file, unless a document that is open needs it. */
  forgetAnalysis(main: string): void {
    if (!this.mains().includes(main)) this.#analyses.forget(main);
  }

  /** Files that no analysis has asked for. */
  forgetUnused(): void {
    this.snapshot.keepOnly(this.#analyses.askedFor());
  }

  /** `maddy.conf` in the file's folder and those above it, up to the folder that is open. */
  #mainsAbove(uri: string): readonly string[] {
    const root = this.#folders.find((folder) => uri.startsWith(`${folder}/`));
    const mains: string[] = [];
    for (let folder = parentOf(uri); ; folder = parentOf(folder)) {
      mains.push(`${folder}/${usualMain}`);
      if (root === undefined || folder.length <= root.length) break;
    }
    return mains.filter((main) => main !== uri);
  }

  /** Files to analyse: the open ones, and those that import one of them. */
  mains(): readonly string[] {
    return [...new Set([...this.open.uris(), ...[...this.#discovered.values()].flatMap((mains) => [...mains])])];
  }

  /** The main files whose findings a file shows: those that import it, or itself. */
  mainsOf(uri: string): readonly string[] {
    const importers = this.mains().filter(
      (main) => main !== uri && this.#imports(main, uri) && !this.#imports(uri, main),
    );
    return importers.length > 0 ? importers : [uri];
  }

  /** The main file that requests about a document are answered for. */
  mainOf(uri: string): string {
    const mains = this.mainsOf(uri);
    const chosen = this.#chosen.get(uri);
    return chosen !== undefined && mains.includes(chosen) ? chosen : (mains[0] ?? uri);
  }

  choose(uri: string, main: string | null): void {
    if (main === null) this.#chosen.delete(uri);
    else this.#chosen.set(uri, main);
  }

  #imports(main: string, uri: string): boolean {
    return this.#analyses.last(main)?.sources.has(uri) === true;
  }

  /** The analysis of the texts as they are now, if there is one already. */
  upToDate(main: string): Analysis | null {
    return this.#analyses.upToDate(main);
  }

  current(main: string): Analysis {
    return this.#analyses.current(main);
  }

  /** The analysis once every file that it asks for was read. */
  async settled(main: string): Promise<Analysis> {
    let round = 0;
    for (let unread = this.#analyses.unread(main); unread.length > 0 && round < MOST_ROUNDS; round += 1) {
      await this.snapshot.loadMissing(unread);
      unread = this.#analyses.unread(main);
    }
    let analysis = this.#analyses.current(main);
    for (; analysis.missing.length > 0 && round < MOST_ROUNDS; round += 1) {
      await this.snapshot.loadMissing(analysis.missing);
      analysis = this.#analyses.current(main);
    }
    return analysis;
  }

  /** Of several main files, all of them of the same texts: while one waits for its files, another may change. */
  async settledTogether(mains: readonly string[]): Promise<readonly Analysis[]> {
    for (let round = 0; ; round += 1) {
      const analyses = await Promise.all(mains.map((main) => this.settled(main)));
      const areOfNow = mains.every((main, at) => this.upToDate(main) === analyses[at]);
      if (areOfNow || round === MOST_ROUNDS) return analyses;
    }
  }

  /** The texts that belong together with this one, by the last analyses: typing does not wait for a new one. */
  projectOf(uri: string): Project {
    const uris = new Set([uri]);
    for (const main of this.mainsOf(uri)) {
      for (const source of this.#analyses.last(main)?.sources.keys() ?? []) uris.add(source);
    }
    const documents = [...uris].map((each) => this.documentOf(each)).filter((each) => each !== null);
    return { documents };
  }

  /** The texts of one main file. */
  configurationOf(main: string): Project {
    const analysis = this.#analyses.last(main);
    return this.projectFrom({ sources: analysis?.sources.keys() ?? [], dialect: analysis?.dialect ?? 'maddy' });
  }

  /** Of texts that belong together, as far as they were read. */
  projectFrom({ sources, dialect }: { readonly sources: Iterable<string>; readonly dialect: Dialect }): Project {
    const documents = [...sources].map((uri) => this.snapshot.documentOf(uri, dialect));
    return { documents: documents.filter((each) => each !== null) };
  }

  documentOf(uri: string): EditorDocument | null {
    const [main = uri] = this.mainsOf(uri);
    return this.snapshot.documentOf(uri, this.#analyses.last(main)?.dialect ?? 'maddy');
  }

  /** URI of a file of the same configuration. */
  uriOf(path: string, base: string): string {
    return uriOf(path, base);
  }

  /** Paths of files that a text could import, relative to its folder. */
  async filesBeside(uri: string): Promise<readonly string[]> {
    const folder = parentOf(uri);
    const found = await this.#findFiles(folder, ['.conf', '.maddy'], MOST_SUGGESTED);
    return found
      .map(normalUri)
      .filter((each) => each !== uri && each.startsWith(`${folder}/`))
      .map((each) => pathOf(each).slice(pathOf(folder).length + 1))
      .sort();
  }

  /** Every text that takes part in something. */
  knownUris(): readonly string[] {
    const uris = new Set(this.open.uris());
    for (const main of this.mains()) for (const uri of this.#analyses.last(main)?.sources.keys() ?? []) uris.add(uri);
    return [...uris];
  }

  /** As the editor spells it. */
  spelled(uri: string): string {
    return this.open.documentOf(uri)?.uri ?? uri;
  }

  /** Files that are not open and on which something depends. */
  watched(): readonly string[] {
    return [...this.#analyses.askedFor()].filter((uri) => this.open.stateOf(uri) === undefined);
  }
}

function parentOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}
