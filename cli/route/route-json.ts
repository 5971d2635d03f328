import type { At, Plan } from '../../compiler/plan/plan.ts';
import type { ExplainedStep, Fate, RecipientRoute, RouteExplanation } from '../../compiler/routing/explain/request.ts';

/** The JSON form of `maddyc route --json`, version 1: fields are only ever added. */
export function routeToJson(plan: Plan, explanation: RouteExplanation): unknown {
  return {
    version: 1,
    endpoint: explanation.endpoint,
    location: locationOf(plan, explanation.at),
    recipients: explanation.recipients.map((recipient) => recipientToJson(plan, recipient)),
    complete: explanation.complete,
  };
}

function recipientToJson(plan: Plan, recipient: RecipientRoute): unknown {
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

function fateToJson({ deliveries, reply, stage, quarantined }: Omit<Fate, 'outcome'>): object {
  return {
    deliveries: deliveries.map(({ target, name, recipient, via }) => ({ target, name, recipient, via })),
    reply,
    stage,
    quarantined,
  };
}

function stepToJson(plan: Plan, step: ExplainedStep): unknown {
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
      return { ...common, module: step.module.module, name: step.module.name, stage, address, passed, assumed };
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

function locationOf(plan: Plan, [file, line, column]: At): object {
  return { file: plan.files[file] ?? '', line, column };
}
