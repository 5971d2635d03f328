import { textWidth, visibleText } from '../report/display-width.ts';
import { type Layout, type Link, layOut } from './layout/layout.ts';
import type { GraphNode, MailGraph } from './mail-graph.ts';

/** How a node is written: a heading, and lines below it. */
export interface Card {
  readonly node: GraphNode;
  readonly lines: readonly CardLine[];
}

export interface CardLine {
  readonly text: string;
  readonly style: 'title' | 'about' | 'detail' | 'reject';
}

export interface Picture {
  readonly graph: MailGraph;
  readonly cards: readonly Card[];
  readonly layout: Layout;
}

/** Pixels; all texts are in a font of one width, so that a card's size is known without a browser. */
export const metrics = { character: 7.25, line: 17, padX: 12, padY: 9 } as const;

const longestLine = 36;

export function drawPicture(graph: MailGraph): Picture {
  const cards = graph.nodes.map(
    (node): Card => ({
      node,
      lines: linesOf(node).map(({ text, style }) => ({ text: clip(text), style })),
    }),
  );
  const boxes = cards.map(({ node, lines }) => ({
    id: node.id,
    width: Math.max(...lines.map(({ text }) => textWidth(text))) * metrics.character + 2 * metrics.padX,
    height: lines.length * metrics.line + 2 * metrics.padY,
  }));
  return { graph, cards, layout: layOut(boxes, linksOf(graph)) };
}

/** Failed mail that comes back to where other mail goes does not push that to the right: the picture stays narrow. */
function linksOf({ nodes, edges }: MailGraph): readonly Link[] {
  const reached = new Set(nodes.filter(({ kind }) => kind === 'endpoint').map(({ id }) => id));
  const outgoing = Map.groupBy(edges, ({ from }) => from);
  for (const id of reached) {
    for (const { to, kind } of outgoing.get(id) ?? []) if (kind !== 'failure') reached.add(to);
  }
  return edges.map(({ from, to }) => ({ from, to, weak: !reached.has(from) && reached.has(to) }));
}

/** What a node says, a line each. */
export function linesOf({ title, about, rules, details, reject }: GraphNode): readonly CardLine[] {
  const lines: CardLine[] = [{ text: rules.length === 0 ? title : `${title} ${rulesLine(rules)}`, style: 'title' }];
  for (const text of about) lines.push({ text, style: 'about' });
  for (const text of details) lines.push({ text, style: 'detail' });
  if (reject !== null) lines.push({ text: `reject ${reject}`, style: 'reject' });
  return lines.map(({ text, style }) => ({ text: visibleText(text), style }));
}

/** The first rules, and how many more there are. */
export function rulesLine(rules: readonly string[], room = 24): string {
  let line = '';
  for (const [at, rule] of rules.entries()) {
    const next = at === 0 ? rule : `${line} ${rule}`;
    if (at > 0 && textWidth(next) > room) return `${line} +${rules.length - at}`;
    line = next;
  }
  return line;
}

function clip(text: string): string {
  if (textWidth(text) <= longestLine) return text;
  let kept = '';
  for (const character of text) {
    if (textWidth(kept + character) > longestLine - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
