import { afterEach, beforeEach, expect, test } from 'vitest';
import { runThreeNodes } from '../../faults/kill-loop.ts';
import { postgresUrl } from '../../kit/queue.ts';
import { describeWithServices, type Service, startService } from '../../kit/services.ts';

describeWithServices('three nodes on one PostgreSQL', ['postgres'], () => {
  let postgres: Service;

  beforeEach(async () => {
    postgres = await startService('postgres', { PG_DURABLE: '1' });
  });
  afterEach(async () => {
    await postgres.dispose();
  });

  test('one of them killed -9 in the middle of its deliveries loses nothing', { timeout: 60_000 }, async () => {
    const { lost, accepted, delivered, bounced } = await runThreeNodes(postgresUrl(postgres.env), 60, async () => {});
    expect(lost).toEqual([]);
    expect(accepted).toBeGreaterThan(120);
    expect(delivered + bounced).toBe(accepted);
  });

  test('and the database restarted meanwhile, too', { timeout: 60_000 }, async () => {
    const { lost, accepted } = await runThreeNodes(postgresUrl(postgres.env), 60, async () => {
      await postgres.stop();
      await postgres.start();
    });
    expect(lost).toEqual([]);
    expect(accepted).toBeGreaterThan(0);
  });
});
