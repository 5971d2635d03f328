import type { At, Plan, ReplyValue } from '../../plan/plan.ts';
import type {
  ExplainedStep,
  Fate,
  Outcome,
  RecipientRoute,
  RouteDelivery,
  RouteExplanation,
  Stage,
} from './request.ts';

/** The JSON form of `maddyc route --json`, version 1: fields are only ever added. */
export interface RouteJson {
  readonly version: 1;
  readonly endpoint: string;
  readonly location: FileLocation;
  readonly recipients: readonly RouteRecipientJson[];
  /** False when more branches exist than were looked at. */
  readonly complete: boolean;
}

/** Lines and columns count from 1. */
export interface FileLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface FateFacts {
  readonly deliveries: readonly Pick<RouteDelivery, 'target' | 'name' | 'recipient' | 'via'>[];
  readonly reply: ReplyValue | null;
  readonly stage: Stage | null;
  readonly quarantined: boolean;
}

export interface RouteFateJson extends FateFacts {
  readonly outcome: Outcome | 'depends';
  readonly assumptions: readonly string[];
}

export interface RouteRecipientJson extends RouteFateJson {
  readonly to: string;
  readonly steps: readonly StepJson[];
  readonly branches: readonly RouteFateJson[];
}

/** More fields follow, by kind. */
interface StepJson {
  readonly kind: ExplainedStep['kind'];
  readonly depth: number;
  readonly location: FileLocation;
  readonly [fact: string]: unknown;
}

export function routeToJson(plan: Plan, explanation: RouteExplanation): RouteJson {
  return {
    version: 1,
    endpoint: explanation.endpoint,
    location: locationOf(plan, explanation.at),
    recipients: explanation.recipients.map((recipient) => recipientToJson(plan, recipient)),
    complete: explanation.complete,
  };
}

function recipientToJson(plan: Plan, recipient: RecipientRoute): RouteRecipientJson {
  const { to, outcome, steps, assumptions, branches } = recipient;
  return {
    to,
    outcome,
    ...fateToJson(recipient),
    steps: steps.map((step) => stepToJson(plan, step)),
    assumptions,
    branches: branches.map((branch) => ({
      assumptions: branch.assumptions,
      outcome: branch.outcome,
      ...fateToJson(branch),
    })),
  };
}

function fateToJson({ deliveries, reply, stage, quarantined }: Omit<Fate, 'outcome'>): FateFacts {
  return {
    deliveries: deliveries.map(({ target, name, recipient, via }) => ({ target, name, recipient, via })),
    reply,
    stage,
    quarantined,
  };
}

function stepToJson(plan: Plan, step: ExplainedStep): StepJson {
  const { kind, depth } = step;
  const common = { kind, depth, location: locationOf(plan, step.at) };
  switch (step.kind) {
    case 'source':
    case 'destination': {
      const { rules, address, matched, taken } = step;
      return { ...common, rules, table: step.table?.name ?? step.table?.module ?? null, address, matched, taken };
    }
    case 'check': {
      const { stage, address, passed, assumed } = step;
      const { module, name } = step.module;
      return { ...common, module, name, stage, address, passed, assumed: assumed !== null, verdict: assumed };
    }
    case 'content':
      return { ...common, module: step.module.module, name: step.module.name };
    case 'modify':
      return { ...common, module: step.module.module, before: step.before, after: step.after };
    case 'deliver':
      return {
        ...common,
        target: step.module?.module ?? null,
        name: step.module?.name ?? null,
        recipient: step.recipient,
      };
    case 'pipeline':
      return { ...common, name: step.module?.name ?? null };
    case 'reject':
      return { ...common, reply: step.reply, address: step.address };
    case 'queue':
      return { ...common, name: step.name, bounce: step.bounce === null ? null : locationOf(plan, step.bounce) };
  }
}

function locationOf(plan: Plan, [file, line, column]: At): FileLocation {
  return { file: plan.files[file] ?? '', line, column };
}
