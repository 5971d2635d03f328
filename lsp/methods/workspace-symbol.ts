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
        const places = new Map(await folderSymbols.get());
        // An import that comes or goes changes which texts take part.
        for (const main of workspace.mains()) await workspace.settled(main);
        for (const uri of workspace.knownUris()) {
          const document = workspace.documentOf(uri);
          const project = workspace.projectOf(uri);
          places.set(uri, document === null ? [] : namedPlaces(session, project, document, workspace.spelled(uri)));
        }
        return [...places.values()]
          .flat()
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
