import type { SessionObserver } from '../smtp/observer.ts';
import type { Metrics } from './metrics.ts';

/** Counts the sessions of the endpoint `module`. */
export function sessionMetrics(metrics: Metrics, module: string): SessionObserver {
  return {
    connected: metrics.counter('maddyc_connections', { module }),
    started: metrics.counter('maddy_smtp_started_transactions', { module }),
    completed: metrics.counter('maddy_smtp_smtp_completed_transactions', { module }),
    aborted: metrics.counter('maddy_smtp_aborted_transactions', { module }),
    deferredByLimit: () => metrics.count('maddy_smtp_ratelimit_deferred', { module }),
    refused: (command, { code, enhanced }) =>
      metrics.count('maddy_smtp_failed_commands', {
        module,
        command,
        smtp_code: String(code),
        smtp_enchcode: enhanced,
      }),
    failedLogin: () => metrics.count('maddy_smtp_failed_logins', { module }),
  };
}
