import { expect, test } from 'vitest';
import { exposeFigures } from '../../../runtime/observe/exposition.ts';
import { Metrics } from '../../../runtime/observe/metrics.ts';
import { ProcessMetrics } from '../../../runtime/observe/metrics-source.ts';
import { sessionMetrics } from '../../../runtime/observe/session-metrics.ts';

function someTraffic(metrics: Metrics): void {
  const sessions = sessionMetrics(metrics, 'smtp');
  sessions.started();
  sessions.started();
  sessions.refused('RCPT', { code: 554, enhanced: '5.7.0', text: 'no' });
}

test('only what has a value is told, in maddy’s form', async () => {
  const metrics = new Metrics();
  someTraffic(metrics);
  metrics.gauge('maddy_queue_length', { module: 'target.queue', location: '/a "b"\\c' }, () => 3);
  expect(await exposeFigures([{ samples: await metrics.samples(), platform: [] }])).toBe(
    `# HELP maddy_queue_length Messages in the queue
# TYPE maddy_queue_length gauge
maddy_queue_length{location="/a \\"b\\"\\\\c",module="target.queue"} 3

# HELP maddy_smtp_failed_commands Failed transaction commands (MAIL, RCPT, DATA)
# TYPE maddy_smtp_failed_commands counter
maddy_smtp_failed_commands{command="RCPT",module="smtp",smtp_code="554",smtp_enchcode="5.7.0"} 1

# HELP maddy_smtp_started_transactions Amount of SMTP transactions started
# TYPE maddy_smtp_started_transactions counter
maddy_smtp_started_transactions{module="smtp"} 2
`,
  );
});

test('the figures of several processes are one', async () => {
  const metrics = [new Metrics(), new Metrics()];
  const processes = await Promise.all(
    metrics.map(async (each) => {
      someTraffic(each);
      each.gauge('maddyc_open_sessions', { module: 'smtp' }, () => 5);
      const source = new ProcessMetrics(each);
      await source.prepare();
      return source.figures();
    }),
  );
  // As they go from process to process.
  const text = await exposeFigures(JSON.parse(JSON.stringify(processes)));
  expect(text).toContain('maddy_smtp_started_transactions{module="smtp"} 4\n');
  expect(text).toContain('maddyc_open_sessions{module="smtp"} 10\n');
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \S+$/m);
});

test('a gauge is gone with what it told of', async () => {
  const metrics = new Metrics();
  const forget = metrics.gauge('maddyc_open_sessions', { module: 'smtp' }, () => 1);
  metrics.gauge('maddyc_open_sessions', { module: 'smtp' }, () => 2);
  expect(await metrics.samples()).toEqual([{ name: 'maddyc_open_sessions', labels: { module: 'smtp' }, value: 3 }]);
  forget();
  expect(await metrics.samples()).toEqual([{ name: 'maddyc_open_sessions', labels: { module: 'smtp' }, value: 2 }]);
});
