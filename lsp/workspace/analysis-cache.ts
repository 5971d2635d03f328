import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { FileState, Host } from '../../compiler/host.ts';
import type { SourceFile } from '../../compiler/source/source-file.ts';
import type { Faults } from '../session.ts';
import { analyse, type Result } from './analyse.ts';
import { pathOf, uriOf } from './locations.ts';
import type { Snapshot } from './snapshot.ts';

/** What the compiler says about one main file. */
export interface Analysis {
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
  readonly #env: ReadonlyMap<string, string>;
  readonly #faults: Faults;
  readonly #entries = new Map<string, Entry>();
  #lastId = 0;

  constructor(snapshot: Snapshot, env: ReadonlyMap<string, string>, faults: Faults) {
    this.#snapshot = snapshot;
    this.#env = env;
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
      env: this.#env,
      read: (path) => {
        const uri = uriOf(path, main);
        const state = this.#snapshot.stateOf(uri);
        asked.set(uri, state);
        return state;
      },
    };
    const { files, missing, diagnostics } = this.#analyse(main, host);
    const uris = new Map(files.map((file) => [file, uriOf(file.path, main)]));
    this.#lastId += 1;
    const analysis: Analysis = {
      id: this.#lastId,
      sources: new Map(files.map((file) => [uriOf(file.path, main), file])),
      missing: missing.map((path) => uriOf(path, main)),
      diagnostics,
      uriOf: (file) => uris.get(file) ?? uriOf(file.path, main),
    };
    this.#entries.set(main, { analysis, asked });
    return analysis;
  }

  /** A fault of the compiler costs the findings of this one text, not the server. */
  #analyse(main: string, host: Host): Result {
    try {
      return analyse(pathOf(main), host);
    } catch (error) {
      this.#faults.log('analysis', error);
      return { files: [], missing: [], diagnostics: [] };
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
