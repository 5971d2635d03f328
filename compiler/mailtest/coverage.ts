import { followRoute } from '../graph/follow-route.ts';
import type { GraphNode, MailGraph } from '../graph/mail-graph.ts';
import { rulesLine } from '../graph/picture.ts';
import type { At } from '../plan/plan.ts';
import type { CaseResult } from './run-cases.ts';

export interface Coverage {
  readonly reached: number;
  readonly total: number;
  readonly hit: readonly CoveredBlock[];
  readonly missed: readonly CoveredBlock[];
}

export interface CoveredBlock {
  readonly block: string;
  readonly at: At;
}

/** Which endpoints and rules the cases' messages come to. Rules for bounces are not counted: no message of a case takes them. */
export function coverageOf(graph: MailGraph, results: readonly CaseResult[]): Coverage {
  const reached = new Set<string>();
  for (const { ways } of results) {
    for (const { endpoint, steps } of ways) {
      for (const id of followRoute(graph, endpoint, steps).nodes) reached.add(id);
    }
  }
  const counted = coverable(graph);
  const blocks = (isHit: boolean): readonly CoveredBlock[] =>
    counted.filter(({ id }) => reached.has(id) === isHit).map((node) => ({ block: nameOf(node), at: node.at }));
  const hit = blocks(true);
  return { reached: hit.length, total: counted.length, hit, missed: blocks(false) };
}

function coverable({ nodes, edges }: MailGraph): readonly GraphNode[] {
  const open = new Set(nodes.filter(({ kind }) => kind === 'endpoint').map(({ id }) => id));
  const outgoing = Map.groupBy(edges, ({ from }) => from);
  for (const id of open) {
    for (const { to, kind } of outgoing.get(id) ?? []) if (kind !== 'failure') open.add(to);
  }
  return nodes.filter(
    ({ id, kind }) => open.has(id) && (kind === 'endpoint' || kind === 'source' || kind === 'destination'),
  );
}

function nameOf({ title, rules, about }: GraphNode): string {
  return [title, ...(rules.length > 0 ? [rulesLine(rules)] : about.slice(0, 1))].join(' ');
}
