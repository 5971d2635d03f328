import { hover as hoverText } from '../../compiler/editor/hover.ts';
import { markup } from '../client.ts';
import type { Method } from '../method.ts';
import { normalUri } from '../workspace/locations.ts';

export const hover: Method = {
  capabilities: () => ({ hoverProvider: true }),

  register({ connection, client, workspace, positions, faults }) {
    connection.onHover(({ textDocument, position }) =>
      faults.answer('hover', null, () => {
        const uri = normalUri(textDocument.uri);
        const document = workspace.documentOf(uri);
        if (document === null) return null;
        const found = hoverText(workspace.projectOf(uri), document, positions.offsetAt(document.file, position));
        if (found === null) return null;
        return {
          range: positions.rangeOf(document.file, found.range),
          contents: markup(client.hoverFormat, found.text),
        };
      }),
    );
  },
};
