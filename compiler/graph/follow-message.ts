import type { RecipientRoute, RouteExplanation } from '../routing/explain/request.ts';
import { followRoute } from './follow-route.ts';
import type { GraphRoute, MailGraph, MessageWay } from './mail-graph.ts';

/** The ways of all recipients in the picture; `captionOf` says what becomes of one, a line each. */
export function followMessage(
  graph: MailGraph,
  { at, recipients }: Pick<RouteExplanation, 'at' | 'recipients'>,
  from: string,
  captionOf: (recipient: RecipientRoute) => readonly string[],
): MessageWay {
  const ways = recipients.map((recipient): readonly [RecipientRoute, GraphRoute] => [
    recipient,
    followRoute(graph, at, recipient.steps),
  ]);
  return {
    nodes: new Set(ways.flatMap(([, { nodes }]) => [...nodes])),
    edges: new Set(ways.flatMap(([, { edges }]) => [...edges])),
    recipients: ways.map(([recipient, { nodes }]) => ({
      caption: [`${from === '' ? 'null sender' : from} to ${recipient.to}`, ...captionOf(recipient)],
      nodes: [...nodes],
    })),
  };
}
