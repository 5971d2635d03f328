import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import { findFolds } from '../../compiler/editor/folding.ts';
import type { Method } from '../method.ts';
import { normalUri } from '../workspace/locations.ts';

export const foldingRange: Method = {
  capabilities: () => ({ foldingRangeProvider: true }),

  register({ connection, client, workspace, positions, faults }) {
    connection.onFoldingRanges(({ textDocument }) =>
      faults.answer('foldingRange', null, () => {
        const document = workspace.documentOf(normalUri(textDocument.uri));
        if (document === null) return null;
        return findFolds(document).flatMap(({ range, kind }): FoldingRange[] => {
          const { start, end } = positions.rangeOf(document.file, range);
          // The line of the `}` stays in sight where whole lines are folded.
          const endLine = kind === 'block' && client.foldsLinesOnly ? end.line - 1 : end.line;
          if (endLine <= start.line) return [];
          return [
            {
              startLine: start.line,
              endLine,
              ...(client.foldsLinesOnly ? {} : { startCharacter: start.character + 1, endCharacter: end.character }),
              ...(kind === 'block'
                ? {}
                : { kind: kind === 'comment' ? FoldingRangeKind.Comment : FoldingRangeKind.Region }),
            },
          ];
        });
      }),
    );
  },
};
