import type { RenameFilesParams, WorkspaceEdit } from 'vscode-languageserver';
import { editsForMoves } from '../../compiler/editor/moved-files.ts';
import type { Method } from '../method.ts';
import type { Session } from '../session.ts';
import { editsByUri } from '../workspace/document-place.ts';
import { normalUri, pathOf } from '../workspace/locations.ts';

/** Imports follow files that get another name. */
export const willRenameFiles: Method = {
  capabilities: () => ({
    workspace: { fileOperations: { willRename: { filters: [{ pattern: { glob: '**/*' } }] } } },
  }),

  register(session) {
    session.connection.workspace.onWillRenameFiles((params) =>
      session.faults.answer('willRenameFiles', null, () => edit(session, params)),
    );
  },
};

async function edit(session: Session, { files }: RenameFilesParams): Promise<WorkspaceEdit | null> {
  const { scan, workspace } = session;
  const moved = movesOf(files);
  const open = workspace.mains();
  const closed = scan
    .configurations()
    .filter(({ main, sources }) => !open.includes(main) && [...sources].some((uri) => moved(uri) !== null));
  await workspace.settledTogether(open);
  await workspace.snapshot.loadMissing(closed.flatMap(({ sources }) => [...sources]));
  // Nothing waits from here on: all edits are of the same texts.
  const projects = [
    ...open.map((main) => ({ main, project: workspace.configurationOf(main) })),
    ...closed.map(({ main, ...texts }) => ({ main, project: workspace.projectFrom(texts) })),
  ];
  const changes: NonNullable<WorkspaceEdit['changes']> = {};
  for (const { main, project } of projects) {
    const edits = editsForMoves(project, (path) => {
      const uri = moved(workspace.uriOf(path, main));
      return uri === null ? null : pathOf(uri);
    });
    for (const [uri, own] of Object.entries(editsByUri(session, main, edits))) changes[uri] ??= own;
  }
  workspace.forgetUnused();
  return Object.keys(changes).length === 0 ? null : { changes };
}

/** Where a text goes; null where it stays. Of a folder every file in it goes. */
function movesOf(files: RenameFilesParams['files']): (uri: string) => string | null {
  const moves = new Map(files.map(({ oldUri, newUri }) => [normalUri(oldUri), normalUri(newUri)]));
  return (uri) => {
    for (let end = uri.length; end > 0; end = uri.lastIndexOf('/', end - 1)) {
      const to = moves.get(uri.slice(0, end));
      if (to !== undefined) return to + uri.slice(end);
    }
    return null;
  };
}
