import { commands, Uri } from 'vscode';
import { clientCommands } from '../../lsp/protocol.ts';
import type { FromRoute, ToRoute } from '../views/view-messages.ts';
import type { Parts } from './feature.ts';
import type { ShowRouteInGraph } from './graph-panel.ts';
import { type FormLooks, formOpener, MessageForm } from './message-form.ts';

const looks: FormLooks = {
  type: 'maddy.route',
  title: 'Route a message',
  heading: 'Where does a message go?',
  view: 'route-view',
  fields: '',
  buttons:
    '<button type="submit">Route</button> <button type="button" id="graph" class="secondary">Show in the Picture</button>',
};

type RouteForm = MessageForm<ToRoute, FromRoute>;

/** A form for one message's envelope, and the way that it takes. */
export function registerRoute(parts: Parts, showInGraph: ShowRouteInGraph): void {
  const open = formOpener(parts, (onClose) => {
    const form: RouteForm = new MessageForm(parts, looks, (message) => receive(form, message), onClose);
    return form;
  });
  const receive = async (form: RouteForm, { kind, envelope }: FromRoute): Promise<void> => {
    if (form.about === null) return;
    const { uri } = form.about;
    if (kind === 'graph') return showInGraph(uri, envelope);
    const answer = await parts.server.route({ uri: uri.toString(), ...envelope });
    if (!answer.ok) return form.refuse(answer.message);
    const { route, text } = answer;
    form.send({ kind: 'answer', route, text, places: form.placesIn(answer.uris, answer.main) });
  };
  parts.context.subscriptions.push(
    commands.registerCommand('maddy.route', async () => open(await parts.active.find(), null)),
    commands.registerCommand(clientCommands.routeFrom, (uri: string, endpoint: string | null) =>
      open(Uri.parse(uri), endpoint),
    ),
  );
}
