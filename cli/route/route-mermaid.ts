import type { At, Plan } from '../../compiler/plan/plan.ts';
import {
  type ExplainedStep,
  type Fate,
  type RecipientRoute,
  type RouteExplanation,
  shortName,
} from '../../compiler/routing/explain/request.ts';

/** The ways of all recipients as one flowchart (mermaid.js.org/syntax/flowchart.html): what they share is drawn once. */
export function routeToMermaid(plan: Plan, { endpoint, at, recipients }: RouteExplanation): string {
  const chart = new Chart(plan);
  for (const recipient of recipients) {
    const start = chart.node(`endpoint ${at.join(':')}`, endpoint, at, 'stadium');
    let last = chart.edge(start, chart.node(`to ${recipient.to}`, `to ${recipient.to}`, null, 'round'), '');
    for (const step of recipient.steps) {
      const words = wordsFor(step);
      if (words === null) continue;
      last = chart.edge(
        last,
        chart.node(`${step.kind} ${step.at.join(':')} ${words.key}`, words.text, step.at, 'box'),
        words.note,
      );
    }
    for (const [text, note] of endings(recipient))
      chart.edge(last, chart.node(`end ${text}`, text, null, 'stadium'), note);
  }
  return chart.toString();
}

interface StepWords {
  readonly key: string;
  readonly text: string;
  /** On the arrow that leads there. */
  readonly note: string;
}

/** Null for steps that decide nothing. */
function wordsFor(step: ExplainedStep): StepWords | null {
  switch (step.kind) {
    case 'source':
    case 'destination': {
      if (!step.taken || step.implicit) return null;
      const isDefault = step.rules.length === 0 && step.table === null;
      const rules = step.table === null ? step.rules.join(' ') : nameOf(step.table);
      const text = isDefault ? `default_${step.kind}` : `${step.kind}${step.table === null ? '' : '_in'} ${rules}`;
      return { key: '', text, note: step.address === '' ? 'the null sender' : step.address };
    }
    case 'modify':
      if (step.after.length === 1 && step.after[0] === step.before) return null;
      return { key: '', text: shortName(step.module), note: `${step.before} becomes ${step.after.join(', ')}` };
    case 'deliver':
      return {
        key: '',
        text: step.module === null ? 'reroute' : `deliver_to ${nameOf(step.module)}`,
        note: step.recipient,
      };
    case 'queue':
      return { key: '', text: `queue ${step.name ?? 'in place'}`, note: '' };
    case 'check':
      return step.passed ? null : { key: '', text: `check ${nameOf(step.module)}`, note: 'fails' };
    default:
      return null;
  }
}

function nameOf({ name, module }: { readonly name: string | null; readonly module: string }): string {
  return name === null ? shortName({ module }) : `&${name}`;
}

function endings({ outcome, branches, ...fate }: RecipientRoute): readonly (readonly [text: string, note: string])[] {
  if (outcome !== 'depends') return fateWords({ ...fate, outcome }).map((text) => [text, '']);
  return branches.flatMap((branch) =>
    fateWords(branch).map((text) => [text, branch.assumptions.join(' and ')] as const),
  );
}

function fateWords({ outcome, reply, stage, deliveries }: Omit<Fate, 'quarantined'>): readonly string[] {
  if (reply !== null) {
    const where = stage === null ? '' : ` at ${stage.toUpperCase()}`;
    return [`${outcome}${where}: ${reply.code} ${reply.enhanced} ${reply.text}`];
  }
  if (deliveries.length === 0) return ['taken by a queue, and refused behind it'];
  return deliveries.map(({ target, name, recipient }) => `${name === null ? target : `&${name}`} gets ${recipient}`);
}

type Shape = 'box' | 'round' | 'stadium';

class Chart {
  readonly #plan: Plan;
  readonly #nodes = new Map<string, { readonly id: string; readonly line: string }>();
  readonly #edges = new Set<string>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  node(key: string, text: string, at: At | null, shape: Shape): string {
    const known = this.#nodes.get(key);
    if (known !== undefined) return known.id;
    const id = `n${this.#nodes.size + 1}`;
    const place = at === null ? '' : `<br/><small>${escaped(this.#plan.files[at[0]] ?? '')}:${at[1]}</small>`;
    const label = `"${escaped(text)}${place}"`;
    const line = shape === 'box' ? `${id}[${label}]` : shape === 'round' ? `${id}(${label})` : `${id}([${label}])`;
    this.#nodes.set(key, { id, line });
    return id;
  }

  /** Gives the second node, so that a way can go on from there. */
  edge(from: string, to: string, note: string): string {
    this.#edges.add(note === '' ? `${from} --> ${to}` : `${from} -->|"${escaped(note)}"| ${to}`);
    return to;
  }

  toString(): string {
    const lines = [...[...this.#nodes.values()].map(({ line }) => line), ...this.#edges];
    return `flowchart TD\n${lines.map((line) => `    ${line}\n`).join('')}`;
  }
}

/** Labels are quoted; inside of quotes only these mean something. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"#]/g, (character) => `#${character.charCodeAt(0)};`);
}
