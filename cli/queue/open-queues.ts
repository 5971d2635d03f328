import type { Plan, PlanModule } from '../../compiler/plan/plan.ts';
import { directoriesOf } from '../../runtime/directories.ts';
import { planModules } from '../../runtime/plan-modules.ts';
import type { QueueAdmin } from '../../runtime/queue/admin.ts';
import { openQueueAdmin } from '../../runtime/queue/open-store.ts';
import type { RetrySchedule } from '../../runtime/queue/schedule.ts';
import { placeKey, type QueuePlace, queuePlace, scheduleOf } from '../../runtime/queue/settings.ts';
import { UsageError } from '../command.ts';

/** A queue of a configuration. */
export interface ConfiguredQueue {
  /** The block's; its place when it is written in place. */
  readonly name: string;
  readonly place: QueuePlace;
  readonly schedule: RetrySchedule;
  /** Senders are told of what fails. */
  readonly bounces: boolean;
}

/** Those that the plan has, or the one that is named. Throws UsageError. */
export function configuredQueues(plan: Plan, wanted: string | undefined): readonly ConfiguredQueue[] {
  const { stateDir } = directoriesOf(plan);
  const all = planModules(plan)
    .filter(({ module }) => module === 'target.queue')
    .map((module) => configuredQueue(module, stateDir));
  if (all.length === 0) throw new UsageError('the configuration has no queue');
  const found = wanted === undefined ? all : all.filter(({ name }) => name === wanted);
  if (found.length > 0) return found;
  throw new UsageError(`no queue named "${wanted}"`, `queues here: ${all.map(({ name }) => name).join(', ')}`);
}

function configuredQueue({ name, config, bounce }: PlanModule, stateDir: string): ConfiguredQueue {
  const text = (key: string): string | undefined => {
    const value = config[key];
    return typeof value === 'string' ? value : undefined;
  };
  const number = (key: string): number => Number(config[key]);
  const place = queuePlace({ location: text('location'), store: text('store') }, name, stateDir);
  return {
    name: name ?? text('location') ?? placeKey(place),
    place,
    schedule: scheduleOf({
      initial_retry_time: number('initial_retry_time'),
      retry_time_scale: number('retry_time_scale'),
      max_tries: number('max_tries'),
    }),
    bounces: bounce !== undefined,
  };
}

/** A queue that is open; `admin` is null where nothing was ever queued. */
export interface OpenQueue {
  readonly queue: ConfiguredQueue;
  readonly admin: QueueAdmin | null;
}

/** Opens them, does the work, and closes them. */
export async function withQueues<T>(
  queues: readonly ConfiguredQueue[],
  work: (open: readonly OpenQueue[]) => Promise<T>,
): Promise<T> {
  const open: OpenQueue[] = [];
  try {
    for (const queue of queues) open.push({ queue, admin: await openQueueAdmin(queue.place) });
    return await work(open);
  } finally {
    for (const { admin } of open) await admin?.close();
  }
}
