import type { At, Plan, ReplyValue } from '../../plan/plan.ts';
import {
  type ExplainedStep,
  type Fate,
  type RecipientRoute,
  type RouteDelivery,
  type RouteExplanation,
  shortName,
} from './request.ts';
import { StepIndent } from './step-indent.ts';

export interface TextOptions {
  /** The stream can show marks beyond ASCII. */
  readonly marks: boolean;
  /** Whether to name the options of `maddyc route` that answer open questions; true untold. */
  readonly options?: boolean;
}

interface Row {
  readonly indent: number;
  readonly head: string;
  readonly note: string;
  readonly at: At;
}

const widestHead = 48;
const widestNote = 48;

/** What people read: the way of each recipient, one step a line, and what comes of it. */
export function routeToText(plan: Plan, explanation: RouteExplanation, options: TextOptions): string {
  const { recipients, endpoint, at } = explanation;
  const blocks = recipients.map((recipient) => {
    const title = recipients.length === 1 ? '' : `to ${recipient.to}\n`;
    const rows = [{ indent: 0, head: endpoint, note: '', at }, ...rowsOf(recipient.steps, plan)];
    return `${title}${layOut(rows, plan)}${conclusion(recipient, plan, options)}`;
  });
  const way = options.options === false ? '' : ': answer tables with --answer';
  const more = explanation.complete ? '' : `\nmore branches exist than were looked at${way}\n`;
  return blocks.join('\n') + more;
}

/** The steps of one recipient, a line each. */
export function stepLines(steps: readonly ExplainedStep[], plan: Plan): readonly string[] {
  const rows = rowsOf(steps, plan);
  return rows.length === 0 ? [] : layOut(rows, plan).trimEnd().split('\n');
}

function rowsOf(steps: readonly ExplainedStep[], plan: Plan): readonly Row[] {
  const indents = new StepIndent();
  const shownChecks = new Set<string>();
  return steps.flatMap((step) => {
    const indent = indents.next(step);
    // A check is asked at several stages; when it passes, once is enough.
    if (step.kind === 'check' && step.passed) {
      const check = `${step.module.module} ${step.at.join(':')}`;
      if (shownChecks.has(check)) return [];
      shownChecks.add(check);
    }
    const words = describe(step, plan);
    return words === null ? [] : [{ indent, head: words[0], note: words[1], at: step.at }];
  });
}

/** Head and note of a step; null for steps that would say nothing. */
function describe(step: ExplainedStep, plan: Plan): readonly [head: string, note: string] | null {
  switch (step.kind) {
    case 'source':
    case 'destination': {
      if (step.rules.length === 0 && step.table === null) {
        return step.implicit ? null : [`default_${step.kind}`, 'taken'];
      }
      const head =
        step.table === null ? `${step.kind} ${step.rules.join(' ')}` : `${step.kind}_in ${nameOf(step.table)}`;
      return [head, step.taken ? `matches ${step.address === '' ? 'the null sender' : step.address}` : 'no'];
    }
    case 'check':
      return [
        `check ${step.module.name ?? shortName(step.module)}`,
        step.assumed !== null ? `assumed to ${assumedWord(step.assumed)}` : step.passed ? 'passes' : 'refuses',
      ];
    case 'modify':
      return step.after.length === 1 && step.after[0] === step.before
        ? [shortName(step.module), 'changes nothing']
        : [shortName(step.module), `${step.before} becomes ${step.after.join(', ')}`];
    case 'content':
      return [`modify ${nameOf(step.module)}`, 'changes the content'];
    case 'deliver':
      return step.module === null ? ['reroute', ''] : [`deliver_to ${nameOf(step.module)}`, step.recipient];
    case 'reject':
      return [`reject ${step.reply.code} ${step.reply.enhanced}`, step.reply.text];
    case 'queue': {
      const bounces =
        step.bounce === null ? 'failures are not reported' : `failures bounce through ${place(step.bounce, plan)}`;
      return [`queue ${step.name ?? 'in place'}`, bounces];
    }
    case 'pipeline':
      return null;
  }
}

function nameOf({ name, module }: { readonly name: string | null; readonly module: string }): string {
  return name === null ? shortName({ module }) : `&${name}`;
}

function place([file, line]: At, plan: Plan): string {
  return `${plan.files[file] ?? ''}:${line}`;
}

function layOut(rows: readonly Row[], plan: Plan): string {
  const left = rows.map(({ indent, head }) => '  '.repeat(indent) + head);
  const headWidth = Math.min(widestHead, Math.max(...left.map((text) => text.length)));
  const noteWidth = Math.min(widestNote, Math.max(...rows.map(({ note }) => note.length)));
  return rows
    .map(({ indent, note, at }, row) => {
      const where = at[0] === 0 && indent > 0 ? `:${at[1]}` : place(at, plan);
      return `${(left[row] ?? '').padEnd(headWidth)}  ${note.padEnd(noteWidth)}  ${where}\n`;
    })
    .join('');
}

/** What comes of a message, a line each. */
export function conclusion(recipient: RecipientRoute, plan: Plan, { marks, options = true }: TextOptions): string {
  const lines =
    recipient.outcome === 'depends'
      ? recipient.branches.flatMap((branch) => [
          `${marks ? '? ' : ''}if ${branch.assumptions.join(' and ')}:`,
          ...fateLines(branch, plan, marks).map((line) => `  ${line}`),
        ])
      : fateLines({ ...recipient, outcome: recipient.outcome }, plan, marks);
  for (const assumption of recipient.assumptions)
    lines.push(`assumed: ${assumption}${options ? wayOut(assumption) : ''}`);
  return lines.map((line) => `${line}\n`).join('');
}

function fateLines({ outcome, deliveries, reply, stage, quarantined }: Fate, plan: Plan, marks: boolean): string[] {
  if (reply !== null) {
    const mark = marks ? '✘ ' : '';
    return [`${mark}${outcome}${stage === null ? '' : ` at ${stage.toUpperCase()}`}: ${replyText(reply)}`];
  }
  const mark = marks ? '✔ ' : '';
  if (deliveries.length === 0) return [`${mark}taken by a queue, and refused behind it`];
  const aside = quarantined ? ', marked as quarantined' : '';
  return deliveries.map((delivery) => `${mark}${deliveryText(delivery, plan)}${aside}`);
}

function deliveryText({ target, name, recipient, via, at }: RouteDelivery, plan: Plan): string {
  const behind = via.map((queue) => `, behind queue ${queue ?? 'in place'}`).join('');
  return `delivered to ${name === null ? `${target} at ${place(at, plan)}` : `&${name} (${target})`} as ${recipient}${behind}`;
}

function replyText({ code, enhanced, text }: ReplyValue): string {
  return `${code} ${enhanced} ${text}`;
}

/** What a check says may count only at the end of the data, so that this is not whether it refuses here. */
function assumedWord(verdict: string): string {
  return verdict === 'pass' || verdict === 'fail' ? verdict : `say ${verdict}`;
}

/** How to see the other way of an assumption about a check. */
function wayOut(assumption: string): string {
  const name = /^(\S+) passes$/.exec(assumption)?.[1];
  return name === undefined ? '' : ` (--check ${name}=fail to see the other way)`;
}
