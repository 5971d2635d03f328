import { directiveAt } from '../../compiler/editor/directive-at.ts';
import type { MailGraph, MessageWay } from '../../compiler/graph/mail-graph.ts';
import { type GraphAnswer, type GraphNodeJson, type GraphParams, graphMethod, type RouteParams } from '../protocol.ts';
import type { Session } from '../session.ts';
import { aboutPlan, answered, onAsk, type Planned, refusal } from './answer.ts';
import { endpointRefusal, loadExplainer } from './route.ts';

/** The picture of a configuration. What draws it is loaded by the first who asks for it. */
export function registerGraph(session: Session): void {
  onAsk(session, graphMethod, async ({ uri, route }: GraphParams): Promise<GraphAnswer> => {
    const draw = await loadPainter();
    const follow = route === undefined || route === null ? null : await loadFollower(route);
    return aboutPlan(session, uri, (planned) => draw(session, planned, follow));
  });
}

type Painter = (session: Session, planned: Planned, follow: Follower | null) => GraphAnswer;

async function loadPainter(): Promise<Painter> {
  const { buildGraph } = await import('../../compiler/graph/build-graph.ts');
  const { graphToJson } = await import('../../compiler/graph/graph-json.ts');
  const { graphPage } = await import('../../compiler/graph/page/page.ts');
  return (session, planned, follow) => {
    const graph = buildGraph(planned.plan);
    const way = follow === null ? null : follow(planned, graph);
    if (typeof way === 'string') return refusal(way, []);
    const { nodes, edges } = graphToJson(graph, way);
    const title = planned.analysis.main.slice(planned.analysis.main.lastIndexOf('/') + 1);
    return {
      ...answered(planned),
      page: graphPage(graph, {
        title: decodeURIComponent(title),
        route: way,
        sources: [],
        secrets: [],
      }),
      nodes: nodes.map((node) => ({ ...node, ...placeOf(session, planned, node.location) })),
      edges,
    };
  };
}

/** The way of a message in the picture; why there is none as text. */
type Follower = (planned: Planned, graph: MailGraph) => MessageWay | string;

async function loadFollower(route: Omit<RouteParams, 'uri'>): Promise<Follower> {
  const { followMessage } = await import('../../compiler/graph/follow-message.ts');
  const { conclusion } = await import('../../compiler/routing/explain/route-text.ts');
  const explain = await loadExplainer();
  return (planned, graph) => {
    const result = explain(planned, route);
    if (!result.ok) return endpointRefusal(route, result.endpoints);
    return followMessage(graph, result, route.from, (recipient) =>
      conclusion(recipient, planned.plan, { marks: true, options: false }).trimEnd().split('\n'),
    );
  };
}

/** The whole directive that a node is made of. */
function placeOf(
  { positions, workspace }: Session,
  { analysis, compiled }: Planned,
  location: GraphNodeJson['location'],
): Pick<GraphNodeJson, 'uri' | 'range'> {
  const file = compiled.files.find(({ path }) => path === location.file);
  const uri = analysis.uriOf({ path: location.file });
  const start = (file?.lineStarts[location.line - 1] ?? 0) + location.column - 1;
  const document = workspace.documentOf(uri);
  const range = document === null ? null : directiveAt(document, start);
  if (file === undefined) return { uri, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } };
  return { uri, range: positions.rangeOf(file, range ?? { start, end: start }) };
}
