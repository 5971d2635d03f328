import { format } from '../../grammar/index.ts';
import type { Method } from '../method.ts';
import { lineEdits } from '../text/line-edits.ts';
import { normalUri } from '../workspace/locations.ts';

export const formatting: Method = {
  capabilities: () => ({ documentFormattingProvider: true }),

  register({ connection, workspace, positions, faults }) {
    connection.onDocumentFormatting(({ textDocument }) =>
      faults.answer('formatting', null, () => {
        const document = workspace.documentOf(normalUri(textDocument.uri));
        if (document === null) return null;
        const { file, dialect } = document;
        return lineEdits(file.text, format(file.text, dialect)).map(({ range, text }) => ({
          range: positions.rangeOf(file, range),
          newText: text,
        }));
      }),
    );
  },
};
