import { describe, expect, test } from 'vitest';
import { expectedOutcome } from '../../kit/live-routes.ts';
import { recordedRoutes } from '../../kit/routes.ts';
import { runnableCases, servedCase } from '../../kit/served-case.ts';

/** Cases whose modules the runtime does not have yet; the list shrinks as they come. */
const pending: readonly string[] = [];

test('cases that wait for modules', () => {
  const names = new Set(runnableCases.map(({ name }) => name));
  expect(recordedRoutes.cases.flatMap(({ name }) => (names.has(name) ? [] : [name])).sort()).toEqual(pending);
});

describe.each(runnableCases)('$name: $about', (recorded) => {
  const { live } = servedCase(recorded);

  test.each(recorded.envelopes)('$endpoint from <$from> to $to', async (envelope) => {
    expect(await live.send(envelope)).toEqual(expectedOutcome(envelope));
  });
});
