import { LSPErrorCodes, type RenameParams, ResponseError, type WorkspaceEdit } from 'vscode-languageserver';
import { renameTarget, rename as renameThing } from '../../compiler/editor/rename.ts';
import type { Method } from '../method.ts';
import type { Session } from '../session.ts';
import { editsByUri, placeOf } from '../workspace/document-place.ts';

export const rename: Method = {
  capabilities: (client) => ({ renameProvider: client.preparesRename ? { prepareProvider: true } : true }),

  register(session) {
    const { connection, faults, positions } = session;
    connection.onPrepareRename((params) =>
      faults.answer('prepareRename', null, () => {
        const place = placeOf(session, params);
        const target = place && renameTarget(place.project, place.document, place.offset);
        return target && { range: positions.rangeOf(place.document.file, target.range), placeholder: target.name };
      }),
    );
    connection.onRenameRequest(async (params) => {
      const answer = await faults.answer('rename', null, () => renamed(session, params));
      // Editors show the words of an error, and nothing when there is no edit.
      if (typeof answer === 'string') throw new ResponseError(LSPErrorCodes.RequestFailed, answer);
      return answer;
    });
  },
};

/** The edit, or why there is none. */
function renamed(session: Session, params: RenameParams): WorkspaceEdit | string | null {
  const place = placeOf(session, params);
  if (place === null) return null;
  const renaming = renameThing(place.project, place.document, place.offset, params.newName);
  if (!renaming.ok) return renaming.message;
  return {
    changes: editsByUri(
      session,
      place.uri,
      renaming.edits.map((each) => ({ ...each, text: params.newName })),
    ),
  };
}
