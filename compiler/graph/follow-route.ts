import type { At } from '../plan/plan.ts';
import type { ExplainedStep } from '../routing/explain/request.ts';
import type { GraphEdge, GraphRoute, MailGraph } from './mail-graph.ts';

/** One pipeline on the way: its own node, and the blocks that were taken in it. */
interface Frame {
  readonly root: string;
  source: string;
  block: string;
}

/** The nodes and edges that a message takes, from the steps of its route; `endpoint` is where its endpoint stands. */
export function followRoute(graph: MailGraph, endpoint: At, steps: readonly ExplainedStep[]): GraphRoute {
  const follower = new RouteFollower(graph, endpoint);
  for (const step of steps) follower.take(step);
  return follower;
}

class RouteFollower implements GraphRoute {
  readonly nodes = new Set<string>();
  readonly edges = new Set<GraphEdge>();
  readonly #graph: MailGraph;
  readonly #frames = new Map<number, Frame>();
  /** A pipeline that a message has entered keeps its source block for later recipients. */
  readonly #sources = new Map<string, string>();
  #entered: string | null = null;

  constructor(graph: MailGraph, endpoint: At) {
    this.#graph = graph;
    const root = graph.nodes.find(({ kind, at }) => kind === 'endpoint' && isSame(at, endpoint));
    if (root !== undefined) this.#enter(root.id, 0);
  }

  take(step: ExplainedStep): void {
    const frame = this.#frames.get(step.depth);
    switch (step.kind) {
      case 'source':
      case 'destination': {
        if (!step.taken || frame === undefined) return;
        const parent = step.kind === 'source' ? frame.root : frame.source;
        const block = step.implicit ? parent : this.#follow(parent, (edge) => isSame(edge.at, step.at));
        if (block === null) return;
        frame.block = block;
        if (step.kind === 'destination') return;
        frame.source = block;
        this.#sources.set(frame.root, block);
        return;
      }
      case 'deliver': {
        const target = frame && this.#follow(frame.block, (edge) => isSame(edge.at, step.at));
        if (target) this.#enter(target, step.depth + 1);
        return;
      }
      case 'queue': {
        const target = this.#entered === null ? null : this.#follow(this.#entered, ({ kind }) => kind === 'delivery');
        if (target !== null) this.#enter(target, step.depth + 1);
        return;
      }
    }
  }

  #enter(id: string, depth: number): void {
    this.nodes.add(id);
    this.#entered = id;
    const source = this.#sources.get(id) ?? id;
    this.#frames.set(depth, { root: id, source, block: source });
  }

  #follow(from: string, matches: (edge: GraphEdge) => boolean): string | null {
    const edge = this.#graph.edges.find((each) => each.from === from && matches(each));
    if (edge === undefined) return null;
    this.edges.add(edge);
    this.nodes.add(edge.to);
    return edge.to;
  }
}

function isSame([file, line, column]: At, other: At): boolean {
  return file === other[0] && line === other[1] && column === other[2];
}
