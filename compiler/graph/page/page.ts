import type { Range } from '../../../grammar/range.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import { clip, lineCells } from '../../report/line-cells.ts';
import { escapeXml } from '../../report/xml.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { MailGraph, MessageWay } from '../mail-graph.ts';
import { drawPicture } from '../picture.ts';
import { pictureToSvg } from '../svg.ts';
import { script } from './script.ts';
import { style } from './style.ts';

export interface PageOptions {
  readonly title: string;
  /** Of the message that stands out. */
  readonly route: MessageWay | null;
  /** Texts to show beside the picture; those of a compiled plan are not known. */
  readonly sources: readonly SourceFile[];
  /** Places that must not be shown. */
  readonly secrets: readonly Place[];
}

/** A page that needs nothing else: no network, no file beside it. */
export function graphPage(graph: MailGraph, options: PageOptions): string {
  const { title, route } = options;
  const shown = graph.files.flatMap((path, index) => {
    const file = options.sources.find((source) => source.path === path);
    return file === undefined ? [] : [{ file, index }];
  });
  const model = {
    nodes: graph.nodes.map(({ id, at: [file, line], title, rules, details, about, reject, kind }) => ({
      ...{ id, file, line, kind },
      words: [title, ...about, ...rules, ...details, ...(reject === null ? [] : [`reject ${reject}`])],
    })),
    edges: graph.edges.map(({ from, to, at: [file, line] }) => ({ from, to, file, line })),
  };
  const picture = drawPicture(graph);
  // A low picture has room above the text, any other beside it.
  const arrangement = picture.layout.width > 1.7 * picture.layout.height ? ' class="low"' : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escapeXml(title)}: ways of mail</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeXml(title)}</h1>
<input id="search" type="search" placeholder="Search addresses, blocks, targets" aria-label="Search">
<output id="found" for="search"></output>
<span class="tools"><button id="smaller" title="Smaller (-)">&#8722;</button><button id="fit" title="Whole picture (0)">Fit</button><button id="larger" title="Larger (+)">+</button></span>
</header>
${route === null ? '' : wayToHtml(route, graph)}
<main${arrangement}>
<section id="stage" aria-label="Picture">
${pictureToSvg(picture, route)}
<ul id="legend" aria-label="Legend">${legend}</ul>
</section>
${shown.length === 0 ? '' : `<div id="split" role="separator" aria-label="Width of the text"></div>\n<aside aria-label="Configuration">${sourcesToHtml(shown, options.secrets)}</aside>`}
</main>
<script type="application/json" id="model">${JSON.stringify(model).replaceAll('<', '\\u003c')}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** The steps are for a window that cannot show the way as a whole. */
function wayToHtml({ recipients }: MessageWay, graph: MailGraph): string {
  const parts = recipients.map(({ caption, nodes }) => {
    const steps = nodes.flatMap((id) => {
      const node = graph.nodes.find((each) => each.id === id);
      if (node === undefined) return [];
      const { kind, reject } = node;
      const name = escapeXml([node.title, ...node.rules].join(' '));
      const step = `<button class="${kind}${reject === null ? '' : ' refuses'}" data-node="${id}">${name}</button>`;
      return [`<li>${step}</li>`];
    });
    return `<p>${caption.map(escapeXml).join('<br>')}</p>\n<ol class="steps" aria-label="Steps" hidden>${steps.join('')}</ol>`;
  });
  return `<section id="way" aria-label="Way of the message">\n${parts.join('\n')}\n</section>`;
}

const legend = ['endpoint', 'source', 'destination', 'pipeline', 'queue', 'target', 'refuses']
  .map((kind) => `<li class="${kind}">${kind}</li>`)
  .join('');

function sourcesToHtml(
  shown: readonly { readonly file: SourceFile; readonly index: number }[],
  secrets: readonly Place[],
): string {
  return shown
    .map(({ file, index }) => {
      const hidden = secrets.filter((secret) => secret.file === file).map(({ range }) => range);
      const lines = file.lineStarts.map((_, at) => lineToHtml(file, at, hidden, index));
      return `<details open><summary>${escapeXml(file.path)}</summary><ol>${lines.join('')}</ol></details>`;
    })
    .join('');
}

function lineToHtml(file: SourceFile, at: number, secrets: readonly Range[], index: number): string {
  const text = clip(lineCells(file, at, secrets), 0, Number.POSITIVE_INFINITY, '');
  const comment = /^\s*#/.test(text) ? ' class="comment"' : '';
  return `<li id="l${index}-${at + 1}"${comment}>${escapeXml(text)}</li>`;
}
