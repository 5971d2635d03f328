import type { At, Plan } from '../plan/plan.ts';
import { compileRoutes } from '../routing/compile-routes.ts';
import { replyWords } from '../routing/explain/fate-words.ts';
import { shortName } from '../routing/explain/request.ts';
import type { Choice, DeliveryRule, DestinationBlock, Pipeline, RoutedModule, SourceBlock } from '../routing/routes.ts';
import type { GraphEdge, GraphNode, MailGraph, NodeKind } from './mail-graph.ts';
import { endpointWords, handlerWords, nameOf, pipelineWords, queueWords, targetWords } from './node-words.ts';

/** The way of mail from the endpoints to the targets. Blocks that no endpoint leads to are not in it. */
export function buildGraph(plan: Plan): MailGraph {
  const routes = compileRoutes(plan);
  const builder = new GraphBuilder();
  for (const [index, endpoint] of plan.endpoints.entries()) {
    const pipeline = routes.endpoints[index];
    if (pipeline === null || pipeline === undefined) continue;
    const node = builder.add('endpoint', endpoint.module, endpoint.at);
    node.about = endpoint.addresses;
    node.details.push(...endpointWords(endpoint));
    builder.pipeline(node, pipeline);
  }
  builder.finish();
  return { files: plan.files, nodes: builder.nodes, edges: builder.edges };
}

interface OpenNode extends GraphNode {
  about: readonly string[];
  reject: string | null;
  rules: readonly string[];
  readonly details: string[];
}

class GraphBuilder {
  readonly nodes: OpenNode[] = [];
  readonly edges: GraphEdge[] = [];
  readonly #modules = new Map<RoutedModule, OpenNode>();
  /** Nodes whose insides are not drawn yet: a configuration may lead back to where it began, and may be deep. */
  readonly #open: (() => void)[] = [];

  finish(): void {
    for (let next = this.#open.shift(); next !== undefined; next = this.#open.shift()) next();
  }

  add(kind: NodeKind, title: string, at: At): OpenNode {
    const id = `n${this.nodes.length + 1}`;
    const node: OpenNode = { id, kind, title, about: [], details: [], reject: null, rules: [], at };
    this.nodes.push(node);
    return node;
  }

  pipeline(node: OpenNode, pipeline: Pipeline): void {
    node.details.push(...pipelineWords(pipeline));
    this.#choice('source', node, pipeline.sources, (inner, block) => this.#source(inner, block));
  }

  #source(node: OpenNode, { destinations, checks, modifiers }: SourceBlock): void {
    node.details.push(...handlerWords(checks, modifiers));
    this.#choice('destination', node, destinations, (inner, block) => this.#destination(inner, block));
  }

  /** A block for handlers that were written without one is no node of its own. */
  #choice<Block extends SourceBlock | DestinationBlock>(
    kind: 'source' | 'destination',
    node: OpenNode,
    { tables, ruled, fallback }: Choice<Block>,
    fill: (node: OpenNode, block: Block) => void,
  ): void {
    const child = (title: string, rules: readonly string[], block: Block, at: At = block.at): void => {
      const inner = this.add(kind, title, at);
      inner.rules = rules;
      this.#connect(node, inner, 'rule', at);
      fill(inner, block);
    };
    for (const { table, at, block } of tables) child(`${kind}_in ${nameOf(table)}`, [], block, at);
    for (const { rules, block } of ruled) {
      const texts = rules.map(({ text }) => text);
      child(kind, texts, block);
    }
    if (fallback.implicit) fill(node, fallback);
    else child(`default_${kind}`, [], fallback);
  }

  #destination(node: OpenNode, { checks, modifiers, reject, deliveries }: DestinationBlock): void {
    node.details.push(...handlerWords(checks, modifiers));
    if (reject !== null) node.reject = replyWords(reject.reply);
    for (const rule of deliveries) this.#delivery(node, rule);
  }

  #delivery(node: OpenNode, { target, pipeline, at }: DeliveryRule): void {
    if (target !== null) this.#connect(node, this.#module(target), 'delivery', at);
    else this.#connect(node, this.#inside('pipeline', 'reroute', at, pipeline), 'delivery', at);
  }

  #module(module: RoutedModule): OpenNode {
    const known = this.#modules.get(module);
    if (known !== undefined) return known;
    const kind = module.queue !== null ? 'queue' : module.pipeline !== null ? 'pipeline' : 'target';
    const node = this.add(kind, module.name ?? shortName(module), module.plan.at);
    this.#modules.set(module, node);
    if (module.queue !== null) {
      const { target, bounce } = module.queue;
      node.about = [module.module];
      node.details.push(...queueWords(module));
      this.#open.push(() => {
        this.#connect(node, this.#module(target), 'delivery', target.plan.at);
        if (bounce === null) return;
        this.#connect(node, this.#inside('bounce', 'bounce', bounce.at, bounce), 'failure', bounce.at);
      });
    } else if (module.pipeline !== null) {
      const { pipeline } = module;
      node.about = [module.module];
      this.#open.push(() => this.pipeline(node, pipeline));
    } else {
      node.about = targetWords(module);
    }
    return node;
  }

  #inside(kind: NodeKind, title: string, at: At, pipeline: Pipeline): OpenNode {
    const node = this.add(kind, title, at);
    this.#open.push(() => this.pipeline(node, pipeline));
    return node;
  }

  #connect(from: OpenNode, to: OpenNode, kind: GraphEdge['kind'], at: At): void {
    this.edges.push({ from: from.id, to: to.id, kind, at });
  }
}
