import { analyse, type Analysis as Compiled } from '../../compiler/analyse.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { FileState, Host } from '../../compiler/host.ts';
import { locateSettings } from '../../compiler/settings/locate.ts';
import { readSettings } from '../../compiler/settings/read-settings.ts';
import type { SourceFile } from '../../compiler/source/source-file.ts';
import type { Dialect } from '../../grammar/dialect.ts';
import type { Faults } from '../session.ts';
import { pathOf, uriOf } from './locations.ts';
import type { Snapshot } from './snapshot.ts';

/** What the compiler says about one main file. */
export interface Analysis {
  readonly dialect: Dialect;
  /** Changes with the result. */
  readonly id: number;
  /** URIs of the texts that took part, the main one first. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** URIs of files that nobody has read yet. */
  readonly missing: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  uriOf(file: SourceFile): string;
}

interface Entry {
  readonly analysis: Analysis;
  /** What was asked of the outside, and the answer. */
  readonly asked: ReadonlyMap<string, FileState | undefined>;
}

/** Analyses by main file, each kept until something that it has read is different. */
export class AnalysisCache {
  readonly #snapshot: Snapshot;
  readonly #faults: Faults;
  readonly #entries = new Map<string, Entry>();
  #lastId = 0;

  constructor(snapshot: Snapshot, faults: Faults) {
    this.#snapshot = snapshot;
    this.#faults = faults;
  }

  /** The analysis of the texts as they are now. */
  current(main: string): Analysis {
    const known = this.#entries.get(main);
    if (known !== undefined && [...known.asked].every(([uri, state]) => this.#snapshot.stateOf(uri) === state)) {
      return known.analysis;
    }
    const asked = new Map<string, FileState | undefined>();
    const host: Host = {
      // The editor's environment is not the mail server's: references to it stay what they are.
      env: new Map(),
      read: (path) => {
        const uri = uriOf(path, main);
        const state = this.#snapshot.stateOf(uri);
        asked.set(uri, state);
        return state;
      },
    };
    const { files, missing, diagnostics, dialect } = this.#analyse(main, host);
    // A file that was found with `.conf` put behind its name goes by the name without it (language section 8).
    const isText = (uri: string): boolean => ['text', 'bytes'].includes(asked.get(uri)?.kind ?? '');
    const uriRead = ({ path }: SourceFile): string => {
      const uri = uriOf(path, main);
      return !isText(uri) && isText(`${uri}.conf`) ? `${uri}.conf` : uri;
    };
    const uris = new Map(files.map((file) => [file, uriRead(file)]));
    this.#lastId += 1;
    const analysis: Analysis = {
      dialect,
      id: this.#lastId,
      sources: new Map([...uris].map(([file, uri]) => [uri, file])),
      missing: missing.map((path) => uriOf(path, main)),
      diagnostics,
      uriOf: (file) => uris.get(file) ?? uriRead(file),
    };
    this.#entries.set(main, { analysis, asked });
    return analysis;
  }

  /** A fault of the compiler costs the findings of this one text, not the server. */
  #analyse(main: string, host: Host): Pick<Compiled, 'files' | 'missing' | 'diagnostics' | 'dialect'> {
    try {
      const path = pathOf(main);
      // What has no place among files, as a text that was never saved, belongs to no project.
      const search = path.startsWith('/') ? locateSettings(path, host) : { file: null, missing: [] };
      const settings = search.file === null ? undefined : readSettings(search.file);
      const analysis = analyse(path, host, { settings });
      return { ...analysis, missing: [...search.missing, ...analysis.missing] };
    } catch (error) {
      this.#faults.log('analysis', error);
      return { files: [], missing: [], diagnostics: [], dialect: 'maddy' };
    }
  }

  /** The last analysis, which may be of older texts: good enough to know which files belong together. */
  last(main: string): Analysis | null {
    return this.#entries.get(main)?.analysis ?? null;
  }

  /** Every file that some analysis has asked for. */
  askedFor(): ReadonlySet<string> {
    return new Set([...this.#entries.values()].flatMap(({ asked }) => [...asked.keys()]));
  }

  forget(main: string): void {
    this.#entries.delete(main);
  }
}
