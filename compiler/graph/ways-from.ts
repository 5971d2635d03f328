import type { GraphEdge, GraphNode, MailGraph } from './mail-graph.ts';
import { rulesLine } from './picture.ts';

const mostWays = 8;
const longestWay = 8;

/** Where mail goes that has come to a node: a line for each end, at most a few. */
export function waysFrom({ nodes, edges }: MailGraph, from: GraphNode): readonly string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const outgoing = Map.groupBy(edges, (edge) => edge.from);
  const ways: string[] = [];
  const follow = (node: GraphNode, path: readonly string[], seen: ReadonlySet<string>): void => {
    if (ways.length > mostWays) return;
    const next = (outgoing.get(node.id) ?? []).filter(({ kind }) => kind !== 'failure');
    const isEnd = next.length === 0 || seen.has(node.id) || path.length === longestWay;
    if (node.reject !== null) ways.push([...path, `refused: ${node.reject}`].join(' → '));
    else if (isEnd && path.length > 0) ways.push(path.join(' → '));
    if (isEnd) return;
    for (const { to } of next satisfies readonly GraphEdge[]) {
      const target = byId.get(to);
      if (target !== undefined) follow(target, [...path, wordsOf(target)], new Set([...seen, node.id]));
    }
  };
  follow(from, [], new Set());
  return ways.length <= mostWays ? ways : [...ways.slice(0, mostWays), '…'];
}

function wordsOf({ title, rules, about }: GraphNode): string {
  const what = rules.length > 0 ? `${title} ${rulesLine(rules)}` : title;
  return about.length > 0 && rules.length === 0 ? `${what} (${about[0] ?? ''})` : what;
}
