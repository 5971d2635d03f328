import type { At } from '../plan/plan.ts';

/** What mail passes on its way through a configuration. */
export type NodeKind =
  | 'endpoint'
  /** `source`, `source_in`, `default_source`, with the handlers that stand directly in it. */
  | 'source'
  | 'destination'
  /** `reroute`, or a `msgpipeline` */
  | 'pipeline'
  | 'queue'
  /** The rules of a queue for mail that it could not deliver. */
  | 'bounce'
  /** Where mail leaves the configuration. */
  | 'target';

export interface GraphNode {
  /** Stable for the same configuration: `n1`, `n2`, … in the order of the file. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly title: string;
  /** What the thing is, or where it listens or leads, a line each. */
  readonly about: readonly string[];
  /** Checks, modifiers and other facts, one a line, as configurations write them. */
  readonly details: readonly string[];
  /** `550 5.7.1 text`: mail that comes here is refused. */
  readonly reject: string | null;
  /** All rules of a block; the title may show only the first. */
  readonly rules: readonly string[];
  readonly at: At;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** `rule`: the block is one of those that are tried, in this order. `failure`: what a queue could not deliver. */
  readonly kind: 'rule' | 'delivery' | 'failure';
  /** Where the configuration says so. */
  readonly at: At;
}

/** A configuration as a picture shows it: pure data, for Mermaid, DOT, SVG and editors alike. */
export interface MailGraph {
  /** Paths; an `At` names one by its index. */
  readonly files: readonly string[];
  readonly nodes: readonly GraphNode[];
  /** In the order of the file, so that edges from one node are in the order in which rules are tried. */
  readonly edges: readonly GraphEdge[];
}

/** The part of a graph that one message takes. */
export interface GraphRoute {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<GraphEdge>;
}

/** The part that it takes on the way to all of its recipients. */
export interface MessageWay extends GraphRoute {
  readonly recipients: readonly RecipientWay[];
}

export interface RecipientWay {
  /** What the message is and what becomes of it, a line each. */
  readonly caption: readonly string[];
  /** What it passes, in this order. */
  readonly nodes: readonly string[];
}
