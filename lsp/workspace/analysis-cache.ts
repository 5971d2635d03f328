import { type AnalyseOptions, analyse, type Analysis as Compiled } from '../../compiler/analyse.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { FileState, Host } from '../../compiler/host.ts';
import { Analyser } from '../../compiler/incremental/analyser.ts';
import { regexpLookup } from '../../compiler/routing/tables/regexp.ts';
import { locateSettings, settingsName } from '../../compiler/settings/locate.ts';
import { readSettings } from '../../compiler/settings/read-settings.ts';
import { type ServerEnvironment, serverEnvironment } from '../../compiler/settings/server-environment.ts';
import type { SourceFile } from '../../compiler/source/source-file.ts';
import type { Dialect } from '../../grammar/dialect.ts';
import { once } from '../../grammar/once.ts';
import type { Faults } from '../session.ts';
import { pathOf, uriOf } from './locations.ts';
import type { Snapshot } from './snapshot.ts';

/** What the compiler says about one main file. */
export interface Analysis {
  /** URI of the main file. */
  readonly main: string;
  readonly dialect: Dialect;
  /** Changes with the result. */
  readonly id: number;
  /** URIs of the texts that took part, the main one first. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** URIs of files that nobody has read yet. */
  readonly missing: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** URI of the `maddyc.json` that counts; null when there is none. */
  readonly settingsUri: string | null;
  /** The texts that it read. */
  readonly host: Host;
  /**
   * All that is known; null when the compiler itself has failed. Directives and program are read at once, not after waiting for
   * something: the next analysis takes them over.
   */
  readonly compiled: Compiled | null;
  /** With the variables of the server put in, where the project names them: for what follows mail. */
  readonly resolved: () => Compiled | null;
  /** The same, with these variables besides. */
  readonly resolvedWith: (variables: Readonly<Record<string, string>>) => Compiled | null;
  uriOf(file: Pick<SourceFile, 'path'>): string;
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
  readonly #analysers = new Map<string, Analyser>();
  #lastId = 0;

  constructor(snapshot: Snapshot, faults: Faults) {
    this.#snapshot = snapshot;
    this.#faults = faults;
  }

  /** The analysis of the texts as they are now. */
  current(main: string): Analysis {
    const known = this.upToDate(main);
    if (known !== null) return known;
    const asked = new Map<string, FileState | undefined>();
    const read = (path: string): FileState | undefined => {
      const uri = uriOf(path, main);
      const state = this.#snapshot.stateOf(uri);
      asked.set(uri, state);
      return state;
    };
    const path = pathOf(main);
    const project = projectOf(path, read);
    // The editor's environment is not the mail server's: what the project does not say of it stays as it is written.
    const host: Host = { env: project.environment.variables ?? new Map(), read };
    const options: AnalyseOptions = {
      settings: project.settings,
      regexps: regexpLookup,
      awaitsFiles: true,
      ...(project.environment.variables === null ? {} : { expansion: { environmentIsComplete: true } }),
    };
    // It is of another text, and takes as much memory as the one that comes.
    this.#entries.delete(main);
    const analyser = this.#analysers.get(main) ?? new Analyser();
    this.#analysers.set(main, analyser);
    const compiled = this.#safely(() => analyser.analyse(path, host, options));
    // What was kept may be half of one version and half of another.
    if (compiled === null) this.#analysers.delete(main);
    const resolvedWith: Analysis['resolvedWith'] = (variables) => {
      const env = new Map([...host.env, ...Object.entries(variables)]);
      return this.#safely(() =>
        analyse(path, { env, read }, { ...options, awaitsFiles: false, environment: 'expand' }),
      );
    };
    const files = compiled?.files ?? [];
    // A file that was found with `.conf` put behind its name goes by the name without it (language section 8).
    const isText = (uri: string): boolean => ['text', 'bytes'].includes(asked.get(uri)?.kind ?? '');
    const uriRead = (file: Pick<SourceFile, 'path'>): string => {
      const uri = uriOf(file.path, main);
      return !isText(uri) && isText(`${uri}.conf`) ? `${uri}.conf` : uri;
    };
    const uris = new Map(files.map((file) => [file.path, uriRead(file)]));
    this.#lastId += 1;
    const analysis: Analysis = {
      main,
      dialect: compiled?.dialect ?? 'maddy',
      id: this.#lastId,
      sources: new Map(files.map((file) => [uris.get(file.path) ?? main, file])),
      missing: [...project.missing, ...(compiled?.missing ?? [])].map((each) => uriOf(each, main)),
      diagnostics: compiled === null ? [] : [...compiled.diagnostics, ...project.environment.diagnostics],
      settingsUri: project.settingsPath === null ? null : uriOf(project.settingsPath, main),
      host,
      compiled,
      resolved: project.environment.variables === null ? () => compiled : once(() => resolvedWith({})),
      resolvedWith,
      uriOf: (file) => uris.get(file.path) ?? uriRead(file),
    };
    this.#entries.set(main, { analysis, asked });
    return analysis;
  }

  /** What must be read before an analysis says anything that lasts: the main file, and what `maddyc.json` says. */
  unread(main: string): readonly string[] {
    if (this.upToDate(main) !== null) return [];
    const read = (path: string): FileState | undefined => this.#snapshot.stateOf(uriOf(path, main));
    const { missing } = projectOf(pathOf(main), read);
    const unread = missing.map((each) => uriOf(each, main));
    return this.#snapshot.stateOf(main) === undefined ? [main, ...unread] : unread;
  }

  /** The analysis of the texts as they are now, if there is one already. */
  upToDate(main: string): Analysis | null {
    const known = this.#entries.get(main);
    const isCurrent =
      known !== undefined && [...known.asked].every(([uri, state]) => this.#snapshot.stateOf(uri) === state);
    return isCurrent ? known.analysis : null;
  }

  /** A fault of the compiler costs the findings of this one text, not the server. */
  #safely(compile: () => Compiled): Compiled | null {
    try {
      return compile();
    } catch (error) {
      this.#faults.log('analysis', error);
      return null;
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
    this.#analysers.delete(main);
  }
}

interface ProjectFacts {
  readonly settings: AnalyseOptions['settings'];
  readonly settingsPath: string | null;
  readonly environment: ServerEnvironment;
  readonly missing: readonly string[];
}

/** What `maddyc.json` says about a main file. */
function projectOf(path: string, read: Host['read']): ProjectFacts {
  const environment = { variables: null, missing: [], diagnostics: [] };
  // What has no place among files, as a text that was never saved, belongs to no project; settings have none themselves.
  if (!path.startsWith('/') || path.endsWith(`/${settingsName}`)) {
    return { settings: undefined, settingsPath: null, environment, missing: [] };
  }
  const { file, missing } = locateSettings(path, { read });
  if (file === null) return { settings: undefined, settingsPath: null, environment, missing };
  const settings = readSettings(file);
  const known = serverEnvironment(settings, file.path, { read });
  return { settings, settingsPath: file.path, environment: known, missing: [...missing, ...known.missing] };
}
