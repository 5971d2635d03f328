import type { Location, LocationLink } from 'vscode-languageserver';
import { findDefinition } from '../../compiler/editor/definition.ts';
import type { Method } from '../method.ts';
import { normalUri } from '../workspace/locations.ts';

export const definition: Method = {
  capabilities: () => ({ definitionProvider: true }),

  register({ connection, client, workspace, positions, faults }) {
    connection.onDefinition(({ textDocument, position }) =>
      faults.answer('definition', null, (): Location[] | LocationLink[] | null => {
        const uri = normalUri(textDocument.uri);
        const document = workspace.documentOf(uri);
        if (document === null) return null;
        const found = findDefinition(workspace.projectOf(uri), document, positions.offsetAt(document.file, position));
        if (found === null) return null;
        const originSelectionRange = positions.rangeOf(document.file, found.from);
        const targets = found.targets.map(({ file, name, whole }) => ({
          targetUri: workspace.uriOf(file.path, uri),
          targetRange: positions.rangeOf(file, whole),
          targetSelectionRange: positions.rangeOf(file, name),
          originSelectionRange,
        }));
        if (client.definitionLinks) return targets;
        return targets.map(({ targetUri, targetSelectionRange }) => ({ uri: targetUri, range: targetSelectionRange }));
      }),
    );
  },
};
