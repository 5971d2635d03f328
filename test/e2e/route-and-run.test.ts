import { describe, expect, test } from 'vitest';
import { DiskHost } from '../../cli/disk-host.ts';
import type { Plan } from '../../compiler/plan/plan.ts';
import { explainRoute } from '../../compiler/routing/explain/explain-route.ts';
import type { LiveCase, LiveOutcome } from '../kit/live-routes.ts';
import { comparableDelivery, type RecordedCase, type RecordedEnvelope } from '../kit/routes.ts';
import { runnableCases, servedCase } from '../kit/served-case.ts';

/**
 * One router, two doors: `maddyc route` says what the running server does. The envelopes are sent to a server with sinks, and
 * the same are explained from the same files; no recording is looked at.
 */

/** Without envelopes about which only a running server can know: scripted sinks, missing logins. */
function envelopesOf({ envelopes }: RecordedCase): readonly RecordedEnvelope[] {
  return envelopes.filter((envelope) => envelope.static === undefined);
}

test('there is enough to compare', () => {
  expect(runnableCases.length).toBeGreaterThanOrEqual(8);
  expect(runnableCases.flatMap(envelopesOf).length).toBeGreaterThanOrEqual(60);
});

describe.each(runnableCases)('$name', (recorded) => {
  const { live, plan } = servedCase(recorded);

  test.each(envelopesOf(recorded))('$endpoint from <$from> to $to', async (envelope) => {
    const done = await live.send(envelope);
    expect(told(plan(), live, envelope)).toEqual(comparable(done, envelope));
  });
});

/** What the client is told, and, where every recipient is taken, who gets the mail. */
function comparable({ answers, deliveries }: LiveOutcome, { bounces }: RecordedEnvelope): unknown {
  const allTaken = answers.every(({ outcome }) => outcome === 'delivered') && bounces === undefined;
  return {
    answers,
    deliveries: allTaken ? deliveries.map((delivery) => delivery.replace(/ from <.*>$/, '')).sort() : null,
  };
}

function told(plan: Plan, live: LiveCase, envelope: RecordedEnvelope): unknown {
  const { endpoint, ip, auth, from, to, smtputf8, bounces } = envelope;
  const request = {
    endpoint: live.fill(endpoint),
    ip,
    auth: auth?.user ?? null,
    from,
    to,
    smtputf8: smtputf8 ?? null,
  };
  const host = new DiskHost('/', {}, null);
  const result = explainRoute(plan, request, { checks: new Map(), tables: new Map() }, host);
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
