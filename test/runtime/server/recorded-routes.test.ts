import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedOutcome, LiveCase, missingModules, serveCase } from '../../kit/live-routes.ts';
import { recordedRoutes } from '../../kit/routes.ts';

/** Cases whose modules the runtime does not have yet; the list shrinks as they come. */
const pending: readonly string[] = [];

const runnable = recordedRoutes.cases.filter((recorded) => missingModules(recorded).length === 0);

test('cases that wait for modules', () => {
  const names = new Set(runnable.map(({ name }) => name));
  expect(recordedRoutes.cases.flatMap(({ name }) => (names.has(name) ? [] : [name])).sort()).toEqual(pending);
});

describe.each(runnable)('$name: $about', (recorded) => {
  const live = new LiveCase(recorded);
  let server: Awaited<ReturnType<typeof serveCase>>;
  beforeAll(async () => {
    await live.prepare();
    server = await serveCase(recorded, live);
  });
  afterAll(async () => {
    await server?.stop();
    await live.close();
  });

  test.each(recorded.envelopes)('$endpoint from <$from> to $to', async (envelope) => {
    expect(await live.send(envelope)).toEqual(expectedOutcome(envelope));
  });
});
