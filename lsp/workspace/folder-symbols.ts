import type { Location } from 'vscode-languageserver';
import type { EditorDocument } from '../../compiler/editor/editor-document.ts';
import { type OutlineEntry, outline } from '../../compiler/editor/outline.ts';
import type { Project } from '../../compiler/editor/scopes.ts';
import type { Session } from '../session.ts';

/** Something with a name that may be looked for from anywhere. */
export interface NamedPlace extends Pick<OutlineEntry, 'name' | 'kind' | 'detail'> {
  readonly location: Location;
}

/** Configurations beyond these are not looked into: an editor asks at each key press. */
const mostConfigurations = 200;

/** The named things of one text, `uri` as the editor spells it. */
export function namedPlaces(
  { positions }: Pick<Session, 'positions'>,
  project: Project,
  document: EditorDocument,
  uri: string,
): readonly NamedPlace[] {
  return outline(project, document).flatMap(({ name, kind, detail, nameRange }) =>
    kind === 'setting' || kind === 'import' || kind === 'rule'
      ? []
      : [{ name, kind, detail, location: positions.locationOf(uri, document.file, nameRange) }],
  );
}

/** The named things of configurations that nobody has open. They are looked for when somebody asks, once for each look through the folders. */
export class FolderSymbols {
  readonly #session: Pick<Session, 'workspace' | 'positions' | 'scan'>;
  #found: Map<string, readonly NamedPlace[]> = new Map();

  constructor(session: Pick<Session, 'workspace' | 'positions' | 'scan'>) {
    this.#session = session;
  }

  /** By file. Of main files that are open, or have a part that is, what the editor shows counts, and not what is known here. */
  async get(): Promise<ReadonlyMap<string, readonly NamedPlace[]>> {
    const { workspace, scan } = this.#session;
    const found = this.#found;
    const mains = new Set(workspace.mains());
    const closed = scan.configurations().filter(({ main }) => !mains.has(main));
    const taken = new Set<string>();
    for (const { main, sources, dialect } of closed.slice(0, mostConfigurations)) {
      const uris = [...sources];
      for (const uri of uris) taken.add(uri);
      if (uris.every((uri) => found.has(uri))) continue;
      await workspace.snapshot.loadMissing(uris);
      const texts = uris.flatMap((uri) => {
        const document = workspace.snapshot.documentOf(uri, dialect);
        return document === null ? [] : [{ uri, document }];
      });
      const project = { documents: texts.map(({ document }) => document) };
      for (const { uri, document } of texts) {
        if (!found.has(uri)) found.set(uri, namedPlaces(this.#session, project, document, uri));
      }
      // What could not be read has nothing, until the folders are looked through again.
      if (!found.has(main)) found.set(main, []);
      workspace.forgetUnused();
    }
    return new Map([...taken].map((uri) => [uri, found.get(uri) ?? []]));
  }

  /** The folders were looked through anew. */
  forget(): void {
    this.#found = new Map();
  }
}
