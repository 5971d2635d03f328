import type { CodeLens } from 'vscode-languageserver';
import { findLenses } from '../../compiler/editor/lenses.ts';
import { type NamedThing, occurrencesOf } from '../../compiler/editor/occurrences.ts';
import type { Method } from '../method.ts';
import { clientCommands } from '../protocol.ts';
import type { Session } from '../session.ts';
import { contextOf, locationOf } from '../workspace/document-place.ts';

/** Uses are counted when a lens comes into sight. */
export const codeLens: Method = {
  capabilities: () => ({ codeLensProvider: { resolveProvider: true } }),

  register(session) {
    const { connection, client, faults, positions, workspace } = session;
    connection.onCodeLens(({ textDocument }) =>
      faults.answer('codeLens', null, (): CodeLens[] | null => {
        const context = contextOf(session, textDocument);
        if (context === null || !session.settings().codeLens) return null;
        return findLenses(context.document).flatMap((lens): CodeLens[] => {
          const range = positions.rangeOf(context.document.file, lens.range);
          if (lens.kind === 'uses') return [{ range, data: { uri: context.uri, ...lens.thing } }];
          if (!client.commands.has(clientCommands.routeFrom)) return [];
          const args = [workspace.spelled(context.uri), lens.endpoint];
          const command = { title: 'route a message from here', command: clientCommands.routeFrom, arguments: args };
          return [{ range, command }];
        });
      }),
    );
    connection.onCodeLensResolve((lens) => faults.answer('codeLens', lens, () => resolve(session, lens)));
  },
};

function resolve(session: Session, lens: CodeLens): CodeLens {
  const data = readData(lens.data);
  const context = data && contextOf(session, data);
  if (data === null || context === null) return lens;
  const uses = occurrencesOf(context.project, data.thing).filter(({ isDeclaration }) => !isDeclaration);
  const title = uses.length === 0 ? 'not used' : uses.length === 1 ? '1 use' : `${uses.length} uses`;
  // Without a command of its own it is only read.
  if (uses.length === 0 || !session.client.commands.has(clientCommands.showReferences)) {
    return { ...lens, command: { title, command: '' } };
  }
  const places = uses.map((each) => locationOf(session, context.uri, each));
  const args = [session.workspace.spelled(context.uri), lens.range.start, places];
  return { ...lens, command: { title, command: clientCommands.showReferences, arguments: args } };
}

/** What the client gives back. */
function readData(data: unknown): { readonly uri: string; readonly thing: NamedThing } | null {
  if (typeof data !== 'object' || data === null || !('uri' in data) || !('kind' in data) || !('name' in data))
    return null;
  const { uri, kind, name } = data;
  if (typeof uri !== 'string' || typeof name !== 'string' || (kind !== 'block' && kind !== 'snippet')) return null;
  return { uri, thing: { kind, name } };
}
