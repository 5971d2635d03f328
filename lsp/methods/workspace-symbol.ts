import type { SymbolInformation } from 'vscode-languageserver';
import type { Method } from '../method.ts';
import { isSubsequence } from '../text/subsequence.ts';
import { namedPlaces } from '../workspace/folder-symbols.ts';
import { symbolKinds } from './document-symbol.ts';

/** An editor shows no more. */
const mostSymbols = 500;

export const workspaceSymbol: Method = {
  capabilities: () => ({ workspaceSymbolProvider: true }),

  register(session) {
    const { connection, workspace, faults, folderSymbols } = session;
    connection.onWorkspaceSymbol(({ query }) =>
      faults.answer('workspaceSymbol', null, async () => {
        const live = workspace.knownUris().flatMap((uri) => {
          const document = workspace.documentOf(uri);
          if (document === null) return [];
          return namedPlaces(session, workspace.projectOf(uri), document, workspace.spelled(uri));
        });
        return [...live, ...(await folderSymbols.get())]
          .filter(({ name, detail }) => isSubsequence(query, `${name} ${detail}`))
          .slice(0, mostSymbols)
          .map(
            ({ name, kind, detail, location }): SymbolInformation => ({
              name,
              kind: symbolKinds[kind],
              location,
              containerName: detail,
            }),
          );
      }),
    );
  },
};
