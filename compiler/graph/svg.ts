import { escapeXml } from '../report/xml.ts';
import type { Path, PlacedBox, Point } from './layout/layout.ts';
import type { GraphEdge, GraphRoute } from './mail-graph.ts';
import { type Card, metrics, type Picture } from './picture.ts';

/** The picture as an `svg` element; colours come from the page's style by class names. */
export function pictureToSvg({ graph, cards, layout }: Picture, route: GraphRoute | null): string {
  const { width, height } = layout;
  const lines = graph.edges.map((edge, at) => edgeToSvg(edge, layout.paths[at] ?? [], route));
  const boxes = cards.map((card) => {
    const box = layout.boxes.get(card.node.id);
    return box === undefined ? '' : cardToSvg(card, box, route);
  });
  return `<svg id="picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(width)} ${px(height)}" role="img" aria-label="Ways of mail">
<defs>
<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="context-stroke"/></marker>
</defs>
<g id="drawing"${route === null ? '' : ' class="routed"'}>
${lines.join('\n')}
${boxes.join('\n')}
</g>
</svg>`;
}

function edgeToSvg(edge: GraphEdge, path: Path, route: GraphRoute | null): string {
  if (path.length < 2) return '';
  const taken = route?.edges.has(edge) === true ? ' taken' : '';
  return `<path class="edge ${edge.kind}${taken}" data-from="${edge.from}" data-to="${edge.to}" d="${curve(path)}" marker-end="url(#tip)"/>`;
}

/** How far a line between two cards of one column goes around. */
const sideBend = 36;

/** Leaves and arrives level; between columns it changes its height. */
function curve(path: Path): string {
  const [start, ...rest] = path;
  if (start === undefined) return '';
  let from: Point = start;
  const parts = [`M${px(from.x)} ${px(from.y)}`];
  for (const to of rest) {
    const bend = (to.x - from.x) / 2 || sideBend;
    parts.push(
      to.y === from.y
        ? `L${px(to.x)} ${px(to.y)}`
        : `C${px(from.x + bend)} ${px(from.y)} ${px(to.x - (to.x === from.x ? -bend : bend))} ${px(to.y)} ${px(to.x)} ${px(to.y)}`,
    );
    from = to;
  }
  return parts.join('');
}

function cardToSvg({ node, lines }: Card, { x, y, width, height }: PlacedBox, route: GraphRoute | null): string {
  const taken = route?.nodes.has(node.id) === true ? ' taken' : '';
  const refuses = node.reject === null ? '' : ' refuses';
  const texts = lines.map(({ text, style }, at) => {
    const baseline = metrics.padY + at * metrics.line + 12.5;
    return `<text class="${style}" x="${metrics.padX}" y="${px(baseline)}">${escapeXml(text)}</text>`;
  });
  return `<g class="node ${node.kind}${refuses}${taken}" id="${node.id}" tabindex="0" role="button" transform="translate(${px(x)} ${px(y)})"><rect width="${px(width)}" height="${px(height)}" rx="7"/><path class="stripe" d="M4 7v${px(height - 14)}"/>${texts.join('')}</g>`;
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
