import { DiskHost } from '../../cli/disk-host.ts';
import type { Plan } from '../../compiler/plan/plan.ts';
import { explainRoute } from '../../compiler/routing/explain/explain-route.ts';
import type { LiveCase, LiveOutcome } from './live-routes.ts';
import { comparableDelivery, type RecordedEnvelope } from './routes.ts';

/** What the client is told, and, where every recipient is taken, who gets the mail. */
export function comparable({ answers, deliveries }: LiveOutcome, { bounces }: RecordedEnvelope): unknown {
  const allTaken = answers.every(({ outcome }) => outcome === 'delivered') && bounces === undefined;
  return {
    answers,
    deliveries: allTaken ? deliveries.map((delivery) => delivery.replace(/ from <.*>$/, '')).sort() : null,
  };
}

/** What `maddyc route` says about it, in the same form. */
export function told(plan: Plan, live: LiveCase, envelope: RecordedEnvelope): unknown {
  const { endpoint, ip, auth, from, to, smtputf8, bounces } = envelope;
  const supposed = envelope.static === undefined || envelope.static === false ? [] : envelope.static.check;
  const checks = new Map(supposed.map((check) => [check.replace(/=.*/, ''), check.replace(/.*=/, '')]));
  const request = {
    endpoint: live.fill(endpoint),
    ip,
    auth: auth?.user ?? null,
    from,
    to,
    smtputf8: smtputf8 ?? null,
  };
  const host = new DiskHost('/', {}, null);
  const result = explainRoute(plan, request, { checks, tables: new Map() }, host);
  if (!result.ok) throw new Error(`no endpoint ${endpoint}`);
  const answers = result.recipients.map(({ to: recipient, outcome, stage, reply }) => ({
    to: recipient,
    outcome,
    stage,
    reply: reply === null ? null : `${reply.code} ${reply.enhanced} ${reply.text}`,
  }));
  const allTaken = answers.every(({ outcome }) => outcome === 'delivered') && bounces === undefined;
  return {
    answers,
    deliveries: allTaken
      ? result.recipients.flatMap(({ deliveries }) => deliveries.map(comparableDelivery)).sort()
      : null,
  };
}
