import { describe, expect, test } from 'vitest';
import { comparable, told } from '../kit/route-and-run.ts';
import type { RecordedCase, RecordedEnvelope } from '../kit/routes.ts';
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
