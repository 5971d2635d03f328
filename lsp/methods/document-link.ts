import { findLinks } from '../../compiler/editor/links.ts';
import type { Method } from '../method.ts';
import { rulePage } from '../workspace/diagnostic-reports.ts';
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
        return findLinks(project, document).map((link) => ({
          range: positions.rangeOf(document.file, link.range),
          target: link.kind === 'code' ? rulePage(link.code) : workspace.spelled(workspace.uriOf(link.path, uri)),
        }));
      }),
    );
  },
};
