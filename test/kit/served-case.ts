import { afterAll, beforeAll } from 'vitest';
import type { Plan } from '../../compiler/plan/plan.ts';
import { LiveCase, missingModules, serveCase } from './live-routes.ts';
import { type RecordedCase, recordedRoutes } from './routes.ts';

/** Recorded cases that the runtime has all modules for. */
export const runnableCases: readonly RecordedCase[] = recordedRoutes.cases.filter(
  (recorded) => missingModules(recorded).length === 0,
);

/** A recorded configuration that is served while the tests of the suite that asks for it run. */
export function servedCase(recorded: RecordedCase): { readonly live: LiveCase; plan(): Plan } {
  const live = new LiveCase(recorded);
  let server: Awaited<ReturnType<typeof serveCase>> | null = null;
  beforeAll(async () => {
    await live.prepare();
    server = await serveCase(recorded, live);
  });
  afterAll(async () => {
    await server?.stop();
    await live.close();
  });
  const plan = (): Plan => {
    if (server === null) throw new Error('the server runs only while tests do');
    return server.plan;
  };
  return { live, plan };
}
