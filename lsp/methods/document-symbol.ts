import { type DocumentSymbol, type SymbolInformation, SymbolKind } from 'vscode-languageserver';
import { type OutlineEntry, outline } from '../../compiler/editor/outline.ts';
import type { SourceFile } from '../../compiler/source/source-file.ts';
import type { Method } from '../method.ts';
import type { SourcePositions } from '../text/source-positions.ts';
import { normalUri } from '../workspace/locations.ts';

export const symbolKinds: Readonly<Record<OutlineEntry['kind'], SymbolKind>> = {
  macro: SymbolKind.Constant,
  snippet: SymbolKind.Module,
  endpoint: SymbolKind.Event,
  block: SymbolKind.Class,
  import: SymbolKind.File,
  rule: SymbolKind.Function,
  setting: SymbolKind.Property,
};

export const documentSymbol: Method = {
  capabilities: () => ({ documentSymbolProvider: true }),

  register({ connection, client, workspace, positions, faults }) {
    connection.onDocumentSymbol(({ textDocument }) =>
      faults.answer('documentSymbol', null, (): DocumentSymbol[] | SymbolInformation[] | null => {
        const uri = normalUri(textDocument.uri);
        const document = workspace.documentOf(uri);
        if (document === null) return null;
        const entries = outline(workspace.projectOf(uri), document);
        if (client.symbolTrees) return entries.map((entry) => tree(entry, document.file, positions));
        return flat(entries, null, textDocument.uri, document.file, positions);
      }),
    );
  },
};

function tree(entry: OutlineEntry, file: SourceFile, positions: SourcePositions): DocumentSymbol {
  return {
    name: entry.name,
    detail: entry.detail,
    kind: symbolKinds[entry.kind],
    range: positions.rangeOf(file, entry.range),
    selectionRange: positions.rangeOf(file, entry.nameRange),
    children: entry.children.map((child) => tree(child, file, positions)),
  };
}

function flat(
  entries: readonly OutlineEntry[],
  container: string | null,
  uri: string,
  file: SourceFile,
  positions: SourcePositions,
): SymbolInformation[] {
  return entries.flatMap((entry) => [
    {
      name: entry.name,
      kind: symbolKinds[entry.kind],
      location: positions.locationOf(uri, file, entry.range),
      ...(container === null ? {} : { containerName: container }),
    },
    ...flat(entry.children, entry.name, uri, file, positions),
  ]);
}
