import type { SymbolInformation } from 'vscode-languageserver';
import { outline } from '../../compiler/editor/outline.ts';
import type { Method } from '../method.ts';
import { isSubsequence } from '../text/subsequence.ts';
import { symbolKinds } from './document-symbol.ts';

/** An editor shows no more. */
const mostSymbols = 500;

export const workspaceSymbol: Method = {
  capabilities: () => ({ workspaceSymbolProvider: true }),

  register({ connection, workspace, positions, faults }) {
    connection.onWorkspaceSymbol(({ query }) =>
      faults.answer('workspaceSymbol', null, () => {
        const symbols: SymbolInformation[] = [];
        for (const uri of workspace.knownUris()) {
          const document = workspace.documentOf(uri);
          if (document === null) continue;
          for (const { name, kind, nameRange, detail } of outline(workspace.projectOf(uri), document)) {
            if (kind === 'setting' || kind === 'import' || kind === 'rule') continue;
            if (!isSubsequence(query, `${name} ${detail}`)) continue;
            const location = positions.locationOf(workspace.spelled(uri), document.file, nameRange);
            symbols.push({ name, kind: symbolKinds[kind], location, containerName: detail });
            if (symbols.length === mostSymbols) return symbols;
          }
        }
        return symbols;
      }),
    );
  },
};
