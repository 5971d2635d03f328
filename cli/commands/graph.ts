import { basename, resolve } from 'node:path';
import { buildGraph } from '../../compiler/graph/build-graph.ts';
import { followMessage } from '../../compiler/graph/follow-message.ts';
import { graphToJson } from '../../compiler/graph/graph-json.ts';
import { graphToDot, graphToMermaid } from '../../compiler/graph/graph-text.ts';
import type { MailGraph, MessageWay } from '../../compiler/graph/mail-graph.ts';
import { graphPage } from '../../compiler/graph/page/page.ts';
import { explainRoute } from '../../compiler/routing/explain/explain-route.ts';
import { conclusion } from '../../compiler/routing/explain/route-text.ts';
import { type Command, commonOptions, type Invocation, UsageError } from '../command.ts';
import { defaultFile } from '../default-file.ts';
import { type LoadedPlan, loadPlan } from '../load-plan.ts';
import { replaceNamedFile } from '../replace-file.ts';
import { readRouteQuestion, refuseUnknownNames } from '../route/route-request.ts';
import { noSuchEndpoint, route } from './route.ts';

const envelopeOptions = ['from', 'to', 'endpoint', 'auth', 'ip', 'check', 'answer', 'no-smtputf8'];

export const graph: Command = {
  name: 'graph',
  summary: 'a picture of the ways of mail: Mermaid, Graphviz, or a page to click through',
  usage: '[FILE] [--html | --mermaid | --dot | --json] [--route --from ADDRESS --to ADDRESS]',
  description: `Draws what mail passes: endpoints, rules in the order in which they are tried, targets, queues and their bounces. The page
(--html) is one file that needs no network: drag and zoom, search an address, click a block to see its line. With --route the
way of one message stands out; its envelope is given as for maddyc route.`,
  options: [
    { name: 'html', help: 'a page with the picture and the configuration side by side' },
    { name: 'mermaid', help: 'for Markdown pages (this is what comes untold)' },
    { name: 'dot', help: 'for Graphviz' },
    commonOptions.json,
    { name: 'output', short: 'o', value: 'PATH', help: 'write there instead of to standard output' },
    { name: 'route', help: 'highlight the way of the message that --from and --to describe' },
    ...route.options.filter(({ name }) => envelopeOptions.includes(name)),
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc graph maddy.conf --html -o mail.html', says: 'the page; open it in a browser' },
    { command: 'maddyc graph maddy.conf --dot | dot -Tsvg > mail.svg', says: 'by Graphviz' },
    {
      command: 'maddyc graph --html -o way.html --route --from a@example.net --to postmaster@example.org',
      says: 'where one message goes',
    },
  ],
  exitCodes: [
    [0, 'drawn'],
    [1, 'the configuration has errors'],
    [2, 'wrong use: no such file, no such endpoint, an option without its value'],
  ],
  docs: 'graph.md',
  operands: 1,

  async run(invocation) {
    const { io, operands, value } = invocation;
    const path = operands[0] ?? defaultFile(io);
    const forms = ['html', 'mermaid', 'dot', 'json'].filter(invocation.has);
    if (forms.length > 1) throw new UsageError(`--${forms.join(' and --')}: one at a time`);
    const loaded = await loadPlan(path, invocation);
    if (loaded === null) return 1;
    const picture = buildGraph(loaded.plan);
    if (picture.nodes.length === 0) io.stderr.write(`${path}: no endpoint takes mail, so there is nothing to draw\n`);
    const way = wantsRoute(invocation) ? highlight(picture, loaded, invocation) : null;
    const text = render(forms[0] ?? 'mermaid', picture, way, loaded);
    const output = value('output');
    if (output === undefined || output === '-') io.stdout.write(text);
    else {
      // The page holds the configuration's text: it is for those who may read that.
      replaceNamedFile(output, resolve(io.cwd, output), new TextEncoder().encode(text), { mode: 0o600 });
      io.stderr.write(`${path}: drawn in ${output}\n`);
    }
    return 0;
  },
};

function wantsRoute({ has }: Invocation): boolean {
  return has('route') || has('from') || has('to');
}

/** The ways of all recipients at once. */
function highlight(picture: MailGraph, { plan, host }: LoadedPlan, invocation: Invocation): MessageWay {
  const { request, suppositions } = readRouteQuestion(invocation);
  refuseUnknownNames(plan, suppositions);
  const result = explainRoute(plan, request, suppositions, host);
  if (!result.ok) throw noSuchEndpoint(request.endpoint, result.endpoints);
  return followMessage(picture, result, request.from, (recipient) =>
    conclusion(recipient, plan, { marks: true })
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('assumed: ')),
  );
}

function render(form: string, picture: MailGraph, way: MessageWay | null, { plan, analysis }: LoadedPlan): string {
  switch (form) {
    case 'html':
      return graphPage(picture, {
        title: basename(plan.files[0] ?? 'configuration'),
        route: way,
        sources: analysis?.files ?? [],
        secrets: analysis?.program.secrets ?? [],
      });
    case 'dot':
      return graphToDot(picture, way);
    case 'json':
      return `${JSON.stringify(graphToJson(picture, way), null, 2)}\n`;
    default:
      return graphToMermaid(picture, way);
  }
}
