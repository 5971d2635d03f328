import { commands, Location, Uri } from 'vscode';
import { clientCommands } from '../../../lsp/protocol.ts';
import type { Feature } from '../feature.ts';
import { positionOf, rangeOf } from '../places.ts';

/** A code lens names the server's values; VS Code's own command wants its own. */
export const references: Feature = ({ context }) => {
  context.subscriptions.push(
    commands.registerCommand(
      clientCommands.showReferences,
      (uri: string, position: Parameters<typeof positionOf>[0], locations: readonly ProtocolLocation[]) =>
        commands.executeCommand(
          'editor.action.showReferences',
          Uri.parse(uri),
          positionOf(position),
          locations.map((each) => new Location(Uri.parse(each.uri), rangeOf(each.range))),
        ),
    ),
  );
};

interface ProtocolLocation {
  readonly uri: string;
  readonly range: Parameters<typeof rangeOf>[0];
}
