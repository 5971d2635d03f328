import type { ReplyValue } from '../../plan/plan.ts';
import type { Fate, RouteDelivery } from './request.ts';

/** An outcome in one line: `delivered to mailboxes as ann@example.org`, `rejected at RCPT: 550 5.7.1 Relaying denied`. */
export function fateWords(
  {
    outcome,
    deliveries,
    reply,
    stage,
    quarantined,
  }: Omit<Fate, 'deliveries'> & {
    readonly deliveries: readonly (Omit<RouteDelivery, 'recipient'> & { readonly recipient: string | null })[];
  },
  nameOf: (delivery: Pick<RouteDelivery, 'name' | 'target' | 'at'>) => string = ({ name, target }) => name ?? target,
): string {
  if (reply !== null) {
    return `${outcome}${stage === null ? '' : ` at ${stage.toUpperCase()}`}: ${replyWords(reply)}`;
  }
  if (deliveries.length === 0) return 'taken by a queue, and refused behind it';
  const targets = deliveries.map((delivery) => {
    const { recipient, via } = delivery;
    const queues = via.map((queue) => ` behind queue ${queue ?? 'in place'}`).join('');
    return `${nameOf(delivery)}${recipient === null ? '' : ` as ${recipient}`}${queues}`;
  });
  return `delivered to ${targets.join('; ')}${quarantined ? ', quarantined' : ''}`;
}

export function replyWords({ code, enhanced, text }: ReplyValue): string {
  return `${code} ${enhanced} ${text}`;
}
