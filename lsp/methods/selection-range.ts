import type { SelectionRange } from 'vscode-languageserver';
import { selectionsAt } from '../../compiler/editor/selection.ts';
import type { Method } from '../method.ts';
import { contextOf } from '../workspace/document-place.ts';

export const selectionRange: Method = {
  capabilities: () => ({ selectionRangeProvider: true }),

  register(session) {
    session.connection.onSelectionRanges(({ textDocument, positions }) =>
      session.faults.answer('selectionRange', null, () => {
        const context = contextOf(session, textDocument);
        if (context === null) return null;
        const { file } = context.document;
        return positions.map((position): SelectionRange => {
          const ranges = selectionsAt(context.document, session.positions.offsetAt(file, position));
          const widest = ranges.toReversed();
          let selection: SelectionRange | undefined;
          for (const range of widest) {
            const own = session.positions.rangeOf(file, range);
            selection = selection === undefined ? { range: own } : { range: own, parent: selection };
          }
          return selection ?? { range: { start: position, end: position } };
        });
      }),
    );
  },
};
