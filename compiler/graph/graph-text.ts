import type { GraphEdge, GraphNode, GraphRoute, MailGraph, NodeKind } from './mail-graph.ts';
import { linesOf } from './picture.ts';

const mermaidShapes: Readonly<Record<NodeKind, readonly [open: string, close: string]>> = {
  endpoint: ['([', '])'],
  source: ['[', ']'],
  destination: ['[', ']'],
  pipeline: ['[[', ']]'],
  queue: ['[(', ')]'],
  bounce: ['>', ']'],
  target: ['(', ')'],
};

/** For Markdown pages: GitHub, GitLab and many editors draw it. */
export function graphToMermaid({ nodes, edges }: MailGraph, route: GraphRoute | null): string {
  const taken = route === null ? [] : edges.flatMap((edge, at) => (route.edges.has(edge) ? [at] : []));
  return [
    'flowchart LR',
    ...nodes.map((node) => {
      const [open, close] = mermaidShapes[node.kind];
      const lines = linesOf(node).map(({ text }) => escapeMermaid(text));
      return `  ${node.id}${open}"${lines.join('<br>')}"${close}${classOf(node, route)}`;
    }),
    ...edges.map(({ from, to, kind }) => `  ${from} ${kind === 'failure' ? '-. failure .->' : '-->'} ${to}`),
    '  classDef refuses stroke:#c2362b,color:#c2362b',
    ...(route === null ? [] : ['  classDef taken stroke:#1a7f4e,stroke-width:3px']),
    ...(taken.length === 0 ? [] : [`  linkStyle ${taken.join(',')} stroke:#1a7f4e,stroke-width:3px`]),
    '',
  ].join('\n');
}

function classOf({ id, reject }: GraphNode, route: GraphRoute | null): string {
  if (route?.nodes.has(id) === true) return ':::taken';
  return reject === null ? '' : ':::refuses';
}

/** Mermaid knows entities by `#name;` and reads Markdown and HTML in labels. */
function escapeMermaid(text: string): string {
  return text.replaceAll(/[#&<>"`;\\]/g, (character) => `#${character.codePointAt(0)};`);
}

const dotShapes: Readonly<Record<NodeKind, string>> = {
  endpoint: 'oval',
  source: 'box',
  destination: 'box',
  pipeline: 'box3d',
  queue: 'cylinder',
  bounce: 'note',
  target: 'house',
};

/** For Graphviz: `dot -Tsvg`. */
export function graphToDot({ nodes, edges }: MailGraph, route: GraphRoute | null): string {
  return [
    'digraph mail {',
    '  rankdir=LR;',
    '  node [fontname="monospace", fontsize=10, margin="0.15,0.08"];',
    '  edge [fontname="monospace", fontsize=9];',
    ...nodes.map((node) => {
      const label = linesOf(node)
        .map(({ text }) => escapeDot(text))
        .join('\\n');
      const color =
        route?.nodes.has(node.id) === true
          ? ', color="#1a7f4e", penwidth=3'
          : node.reject === null
            ? ''
            : ', color="#c2362b", fontcolor="#c2362b"';
      return `  ${node.id} [shape=${dotShapes[node.kind]}, label="${label}"${color}];`;
    }),
    ...edges.map((edge) => `  ${edge.from} -> ${edge.to}${dotAttributes(edge, route)};`),
    '}',
    '',
  ].join('\n');
}

function dotAttributes(edge: GraphEdge, route: GraphRoute | null): string {
  const attributes = [
    ...(edge.kind === 'failure' ? ['style=dashed', 'label="failure"'] : []),
    ...(route?.edges.has(edge) === true ? ['color="#1a7f4e"', 'penwidth=3'] : []),
  ];
  return attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`;
}

function escapeDot(text: string): string {
  return text.replaceAll(/["\\]/g, (character) => `\\${character}`);
}
