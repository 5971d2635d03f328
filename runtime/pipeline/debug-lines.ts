import type { RoutedModule } from '../../compiler/routing/routes.ts';
import type { RouteStep, StepListener } from '../../compiler/routing/run.ts';
import type { Logger } from '../observe/log.ts';

/** The router's steps as debug lines, in maddy's words where maddy has such a line (runtime-core 3.2). */
export function debugListener(log: Logger, messageId: string): StepListener {
  const fields = { msg_id: messageId };
  return (step) => {
    const line = describeStep(step);
    if (line !== null) log.debug(line, fields);
  };
}

export function logStarted(log: Logger, messageId: string, sender: string, { module, name }: RoutedModule): void {
  log.debug(`tgt.StartDelivery(${sender}) ok, target = ${module}:${name ?? ''}`, { msg_id: messageId });
}

export function logBodyTaken(log: Logger, messageId: string): void {
  log.debug('delivery.Body ok, Delivery object = *msgpipeline.delivery', { msg_id: messageId });
}

const levels = { pipeline: 'global rcpt', source: 'per-source rcpt', destination: 'per-rcpt' } as const;

function describeStep(step: RouteStep): string | null {
  switch (step.kind) {
    case 'source':
      return step.taken ? `sender ${step.address} matched by ${matchedBy(step)}` : null;
    case 'destination':
      return step.taken ? `recipient ${step.address} matched by ${matchedBy(step)} (clean = ${step.address})` : null;
    case 'rewritten':
      return `${levels[step.level]} modifiers: ${step.before} => [${step.after.join(' ')}]`;
    case 'check':
      return `${step.module.module}: ${step.stage} check of ${step.address} ${step.passed ? 'passed' : 'refused'}`;
    case 'content':
    case 'deliver':
    case 'modify':
    case 'pipeline':
    case 'reject':
      return null;
  }
}

function matchedBy(step: RouteStep & { readonly kind: 'source' | 'destination' }): string {
  if (step.table !== null) return `table ${step.table.name ?? step.table.module}`;
  if (step.matched === null) return 'default rule';
  return step.matched.includes('@') ? 'address rule' : 'domain rule';
}
