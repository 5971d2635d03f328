import { inlayHints } from '../../compiler/editor/inlay-hints.ts';
import type { Method } from '../method.ts';
import { contextOf } from '../workspace/document-place.ts';

export const inlayHint: Method = {
  capabilities: () => ({ inlayHintProvider: true }),

  register(session) {
    const { connection, faults, positions } = session;
    connection.languages.inlayHint.on(({ textDocument, range }) =>
      faults.answer('inlayHint', null, () => {
        const context = contextOf(session, textDocument);
        if (context === null || !session.settings().inlayHints) return null;
        const { document, project } = context;
        const { file } = document;
        const within = { start: positions.offsetAt(file, range.start), end: positions.offsetAt(file, range.end) };
        return inlayHints(project, document, within).map(({ at, text, tooltip }) => ({
          position: positions.rangeOf(file, { start: at, end: at }).start,
          label: text,
          tooltip,
          paddingLeft: true,
        }));
      }),
    );
  },
};
