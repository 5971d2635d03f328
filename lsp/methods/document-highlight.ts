import { DocumentHighlightKind } from 'vscode-languageserver';
import { occurrencesOf, thingAt } from '../../compiler/editor/occurrences.ts';
import type { Method } from '../method.ts';
import { placeOf } from '../workspace/document-place.ts';

export const documentHighlight: Method = {
  capabilities: () => ({ documentHighlightProvider: true }),

  register(session) {
    session.connection.onDocumentHighlight((params) =>
      session.faults.answer('documentHighlight', null, () => {
        const place = placeOf(session, params);
        const found = place && thingAt(place.project, place.document, place.offset);
        if (place === null || found === null) return null;
        const { document } = place;
        return occurrencesOf({ documents: [document] }, found.thing).map(({ range, isDeclaration }) => ({
          range: session.positions.rangeOf(document.file, range),
          kind: isDeclaration ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
        }));
      }),
    );
  },
};
