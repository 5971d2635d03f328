import { findLinks } from '../../compiler/editor/links.ts';
import type { Method } from '../method.ts';
import { contextOf } from '../workspace/document-place.ts';

export const documentLink: Method = {
  capabilities: () => ({ documentLinkProvider: {} }),

  register(session) {
    const { connection, faults, positions, workspace } = session;
    connection.onDocumentLinks(({ textDocument }) =>
      faults.answer('documentLink', null, () => {
        const context = contextOf(session, textDocument);
        if (context === null) return null;
        const { project, document, uri } = context;
        return findLinks(project, document).map(({ range, path }) => ({
          range: positions.rangeOf(document.file, range),
          target: workspace.spelled(workspace.uriOf(path, uri)),
        }));
      }),
    );
  },
};
