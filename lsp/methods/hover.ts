import { describeExpanded, type ExpansionIndex, indexExpansion } from '../../compiler/editor/expanded-value.ts';
import { hover as hoverText } from '../../compiler/editor/hover.ts';
import { placeAt } from '../../compiler/editor/place.ts';
import type { MailGraph } from '../../compiler/graph/mail-graph.ts';
import { positionAt, type SourceFile } from '../../compiler/source/source-file.ts';
import { startOf } from '../../grammar/tokens.ts';
import type { DirectiveNode } from '../../grammar/tree.ts';
import { markup } from '../client.ts';
import type { Method } from '../method.ts';
import type { Session } from '../session.ts';
import type { Analysis } from '../workspace/analysis-cache.ts';
import { type DocumentPlace, placeOf } from '../workspace/document-place.ts';

/** Of a text this long the ways of mail would make a hover slow. */
const longestFollowed = 256 * 1024;

/** What a word means, what becomes of it, and, on a rule, where mail goes from there. */
export const hover: Method = {
  capabilities: () => ({ hoverProvider: true }),

  register(session) {
    const { connection, client, positions, faults } = session;
    const whole = new WholeConfigurations(session);
    connection.onHover((params) =>
      faults.answer('hover', null, async () => {
        const place = placeOf(session, params);
        const found = place && hoverText(place.project, place.document, place.offset);
        if (place === null || found === null) return null;
        const here = await whole.describe(place);
        // What is so in this file comes before what is so everywhere.
        const parts = here.length === 0 ? [found.text] : [here.join('\n\n'), found.text];
        return {
          range: positions.rangeOf(place.document.file, found.range),
          contents: markup(client.hoverFormat, parts.join('\n\n---\n\n')),
        };
      }),
    );
  },
};

/** What only the whole configuration tells; each is found out once for a state of the texts. */
class WholeConfigurations {
  readonly #session: Session;
  readonly #indices = new WeakMap<Analysis, ExpansionIndex>();
  readonly #graphs = new WeakMap<Analysis, Promise<MailGraph | null>>();

  constructor(session: Session) {
    this.#session = session;
  }

  async describe({ uri, document, offset }: DocumentPlace): Promise<readonly string[]> {
    const { slot } = placeAt(document, offset);
    if ((slot.kind !== 'name' && slot.kind !== 'argument') || slot.node === null) return [];
    const { workspace } = this.#session;
    // While it is being typed there is none that fits the text: what the word means is told all the same.
    const analysis = workspace.upToDate(workspace.mainOf(uri));
    const file = analysis?.sources.get(uri);
    if (analysis === null || file === undefined || file.text !== document.file.text) return [];
    const expanded = this.#expanded(analysis, file, slot.node);
    const ways = slot.kind === 'name' ? await this.#ways(analysis, file, slot.node) : null;
    return [ways, expanded].filter((each) => each !== null);
  }

  #expanded(analysis: Analysis, file: SourceFile, node: DirectiveNode): string | null {
    if (analysis.compiled === null) return null;
    let index = this.#indices.get(analysis);
    if (index === undefined) {
      index = indexExpansion(analysis.compiled.expansion);
      this.#indices.set(analysis, index);
    }
    return describeExpanded(index, file, node);
  }

  async #ways(analysis: Analysis, file: SourceFile, node: DirectiveNode): Promise<string | null> {
    if (file.text.length > longestFollowed) return null;
    let making = this.#graphs.get(analysis);
    if (making === undefined) {
      making = this.#graphOf(analysis);
      this.#graphs.set(analysis, making);
    }
    const { waysFrom } = await import('../../compiler/graph/ways-from.ts');
    const graph = await making;
    const { line, column } = positionAt(file, startOf(node.name));
    const met = graph?.nodes.find(({ at }) => graph.files[at[0]] === file.path && at[1] === line && at[2] === column);
    if (graph === null || met === undefined) return null;
    const ways = waysFrom(graph, met);
    return ways.length === 0 ? null : `**Mail that comes here goes to**\n\n${ways.map((way) => `- ${way}`).join('\n')}`;
  }

  async #graphOf(analysis: Analysis): Promise<MailGraph | null> {
    const plan = analysis.resolved()?.plan(`maddyc ${this.#session.version}`).plan ?? null;
    if (plan === null) return null;
    const { buildGraph } = await import('../../compiler/graph/build-graph.ts');
    return buildGraph(plan);
  }
}
