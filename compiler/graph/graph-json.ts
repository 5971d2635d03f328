import type { At } from '../plan/plan.ts';
import type { FileLocation } from '../routing/explain/route-json.ts';
import type { GraphEdge, GraphNode, GraphRoute, MailGraph } from './mail-graph.ts';

/** The JSON form of a graph, version 1: fields are only ever added. */
export interface GraphJson {
  readonly version: 1;
  readonly files: readonly string[];
  readonly nodes: readonly GraphNodeJson[];
  readonly edges: readonly GraphEdgeJson[];
}

export interface GraphNodeJson extends Omit<GraphNode, 'at'> {
  readonly location: FileLocation;
  /** Whether the message passes it; not there when no message was asked about. */
  readonly taken?: boolean;
}

export interface GraphEdgeJson extends Omit<GraphEdge, 'at'> {
  readonly location: FileLocation;
  readonly taken?: boolean;
}

export function graphToJson({ files, nodes, edges }: MailGraph, route: GraphRoute | null): GraphJson {
  const locationOf = ([file, line, column]: At): FileLocation => ({ file: files[file] ?? '', line, column });
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
