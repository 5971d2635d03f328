import { occurrencesOf, thingAt } from '../../compiler/editor/occurrences.ts';
import type { Method } from '../method.ts';
import { locationOf, placeOf } from '../workspace/document-place.ts';

export const references: Method = {
  capabilities: () => ({ referencesProvider: true }),

  register(session) {
    session.connection.onReferences((params) =>
      session.faults.answer('references', null, () => {
        const place = placeOf(session, params);
        const found = place && thingAt(place.project, place.document, place.offset);
        if (place === null || found === null) return null;
        return occurrencesOf(place.project, found.thing)
          .filter(({ isDeclaration }) => params.context.includeDeclaration || !isDeclaration)
          .map((each) => locationOf(session, place.uri, each));
      }),
    );
  },
};
