import type { At } from '../plan/plan.ts';
import type { GraphRoute, MailGraph } from './mail-graph.ts';

/** The JSON form of a graph, version 1: fields are only ever added. */
export function graphToJson({ files, nodes, edges }: MailGraph, route: GraphRoute | null): object {
  const locationOf = ([file, line, column]: At): object => ({ file: files[file] ?? '', line, column });
  return {
    version: 1,
    files,
    nodes: nodes.map(({ at, ...node }) => ({
      ...node,
      location: locationOf(at),
      ...(route === null ? {} : { taken: route.nodes.has(node.id) }),
    })),
    edges: edges.map((edge) => ({
      from: edge.from,
      to: edge.to,
      kind: edge.kind,
      location: locationOf(edge.at),
      ...(route === null ? {} : { taken: route.edges.has(edge) }),
    })),
  };
}
