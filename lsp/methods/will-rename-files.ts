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
  const renamed = files.map(({ oldUri, newUri }) => ({ from: normalUri(oldUri), to: normalUri(newUri) }));
  // Of a folder every file in it.
  const moved = (uri: string): string | null => {
    const found = renamed.find(({ from }) => uri === from || uri.startsWith(`${from}/`));
    return found === undefined ? null : found.to + uri.slice(found.from.length);
  };
  const mains = new Set(workspace.mains());
  for (const uri of scan.sources()) if (moved(uri) !== null) for (const main of scan.importersOf(uri)) mains.add(main);
  const changes: NonNullable<WorkspaceEdit['changes']> = {};
  for (const main of mains) {
    await workspace.settled(main);
    const edits = editsForMoves(workspace.configurationOf(main), (path) => {
      const uri = moved(workspace.uriOf(path, main));
      return uri === null ? null : pathOf(uri);
    });
    for (const [uri, own] of Object.entries(editsByUri(session, main, edits))) changes[uri] ??= own;
    workspace.forgetAnalysis(main);
    workspace.forgetUnused();
  }
  return Object.keys(changes).length === 0 ? null : { changes };
}
