import { parseDuration } from '../../compiler/catalog/values/duration.ts';
import type { QueueEntry } from '../../runtime/queue/admin.ts';
import { type Invocation, type OptionSpec, UsageError } from '../command.ts';

export const filterOptions: readonly OptionSpec[] = [
  { name: 'from', value: 'TEXT', help: 'only messages whose sender holds TEXT' },
  { name: 'to', value: 'TEXT', help: 'only messages with a waiting recipient that holds TEXT (an address, a domain)' },
  { name: 'older', value: 'TIME', help: 'only messages that came longer ago than TIME (30m, 12h)' },
  { name: 'tried', help: 'only messages whose delivery has failed at least once' },
  { name: 'held', help: 'only messages that are held' },
];

export interface EntryFilter {
  /** Something narrows it down. */
  readonly isNarrow: boolean;
  matches(entry: QueueEntry): boolean;
}

/** From the ids (operands behind the action) and the options. Throws UsageError. */
export function entryFilter({ operands, value, has }: Invocation, now: number): EntryFilter {
  const ids = new Set(operands.slice(1));
  const from = value('from')?.toLowerCase();
  const to = value('to')?.toLowerCase();
  const older = age(value('older'));
  return {
    isNarrow: ids.size > 0 || has('held') || has('tried') || [from, to, older].some((each) => each !== undefined),
    matches: ({ message, state }) => {
      if (ids.size > 0 && !ids.has(message.id)) return false;
      if (from !== undefined && !message.from.toLowerCase().includes(from)) return false;
      if (to !== undefined && !message.recipients.some((each) => each.to.toLowerCase().includes(to))) return false;
      if (older !== undefined && now - message.arrivedAt < older) return false;
      if (has('held') && state !== 'held') return false;
      return !has('tried') || message.bounce !== null || message.recipients.some(({ tries }) => tries > 0);
    },
  };
}

const nanosecondsPerMillisecond = 1_000_000n;

function age(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const duration = parseDuration(text);
  if (typeof duration !== 'bigint') throw new UsageError(`--older ${text} is no time`, 'for example 30m or 12h');
  return Number(duration / nanosecondsPerMillisecond);
}
