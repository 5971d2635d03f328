import { describe, expect, test } from 'vitest';
import { explainRoute } from '../../../compiler/routing/explain/explain-route.ts';
import type { RecipientRoute } from '../../../compiler/routing/explain/request.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { planOf } from '../../kit/compile.ts';
import {
  comparableDelivery,
  configurationOf,
  fillPlaceholders,
  type Placeholders,
  type RecordedCase,
  type RecordedEnvelope,
  type RecordedRow,
  recordedRoutes,
} from '../../kit/routes.ts';

/** Ports are never opened here: any number serves, as long as each name has its own. */
function placeholders(): Placeholders {
  const ports = new Map<string, number>();
  return {
    stateDir: '/state',
    runtimeDir: '/run',
    port: (name) => {
      const known = ports.get(name) ?? 20_000 + ports.size;
      ports.set(name, known);
      return known;
    },
  };
}

function prepare(recorded: RecordedCase) {
  const places = placeholders();
  const files = new Map(
    Object.entries(recorded.files ?? {}).map(([name, text]) => [`/state/${name}`, fillPlaceholders(text, places)]),
  );
  files.set('/maddy.conf', configurationOf(recorded, places));
  const host = createMemoryHost({ files });
  return { places, host, plan: planOf('/maddy.conf', host) };
}

function route(
  { places, host, plan }: ReturnType<typeof prepare>,
  envelope: RecordedEnvelope,
): readonly RecipientRoute[] {
  const given = envelope.static === undefined || envelope.static === false ? [] : envelope.static.check;
  const checks = new Map(
    given.map((option): [string, 'pass' | 'fail'] => {
      const [name = '', verdict] = option.split('=');
      return [name, verdict === 'fail' ? 'fail' : 'pass'];
    }),
  );
  const request = {
    endpoint: fillPlaceholders(envelope.endpoint, places),
    ip: envelope.ip,
    auth: envelope.auth?.user ?? null,
    from: envelope.from,
    to: envelope.to,
    smtputf8: envelope.smtputf8 ?? null,
  };
  const result = explainRoute(plan, request, { checks, tables: new Map() }, host);
  if (!result.ok) throw new Error(`no endpoint ${request.endpoint}`);
  return result.recipients;
}

/** Deliveries of refused recipients are not compared: an earlier target may or may not have taken them. */
function comparable(row: RecordedRow | RecipientRoute, onlyOutcome: boolean): unknown {
  const { to, outcome, deliveries, reply } = row;
  if (onlyOutcome) return { to, outcome };
  return {
    to,
    outcome,
    deliveries: outcome === 'delivered' ? deliveries.map(comparableDelivery).sort() : [],
    reply: reply === null ? null : `${reply.code} ${reply.enhanced} ${reply.text}`,
  };
}

describe.each(recordedRoutes.cases)('$name: $about', (recorded) => {
  const prepared = prepare(recorded);
  const envelopes = recorded.envelopes.filter((envelope) => envelope.static !== false);

  test.each(envelopes)('$endpoint from <$from> to $to', (envelope) => {
    const onlyOutcome = envelope.static !== undefined;
    expect(route(prepared, envelope).map((row) => comparable(row, onlyOutcome))).toEqual(
      envelope.expect.map((row) => comparable(row, onlyOutcome)),
    );
  });
});
