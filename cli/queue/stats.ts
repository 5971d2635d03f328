import type { QueueEntry } from '../../runtime/queue/admin.ts';
import type { Invocation } from '../command.ts';
import type { OpenQueue } from './open-queues.ts';
import { bytes, count, failureText, span, table } from './show-text.ts';

interface QueueStats {
  readonly queue: string;
  messages: number;
  recipients: number;
  size: number;
  waiting: number;
  held: number;
  delivering: number;
  bouncesOwed: number;
  /** ISO 8601; null when the queue is empty. */
  oldest: string | null;
  /** Waiting recipients by domain, and by the last failure; the most frequent first. */
  domains: readonly (readonly [domain: string, recipients: number])[];
  failures: readonly (readonly [failure: string, recipients: number])[];
}

const mostShown = 10;

/** `queue stats` */
export async function stats(open: readonly OpenQueue[], { io, has }: Invocation): Promise<number> {
  const all: QueueStats[] = [];
  for (const each of open) all.push(await statsOf(each));
  if (has('json')) io.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  else for (const each of all) io.stdout.write(statsText(each));
  return 0;
}

async function statsOf({ queue, admin }: OpenQueue): Promise<QueueStats> {
  const domains = new Map<string, number>();
  const failures = new Map<string, number>();
  const totals = { messages: 0, recipients: 0, size: 0, waiting: 0, held: 0, delivering: 0, bouncesOwed: 0 };
  let oldest: number | null = null;
  for await (const entry of admin?.entries() ?? []) {
    totals.messages++;
    totals.size += entry.size;
    totals[entry.state]++;
    if (entry.message.bounce !== null) totals.bouncesOwed++;
    oldest = Math.min(oldest ?? entry.message.arrivedAt, entry.message.arrivedAt);
    totals.recipients += tally(entry, domains, failures);
  }
  return {
    queue: queue.name,
    ...totals,
    oldest: oldest === null ? null : new Date(oldest).toISOString(),
    domains: mostFrequent(domains),
    failures: mostFrequent(failures),
  };
}

function tally({ message }: QueueEntry, domains: Map<string, number>, failures: Map<string, number>): number {
  for (const { to, failure } of message.recipients) {
    add(domains, to.slice(to.lastIndexOf('@') + 1));
    if (failure !== null) add(failures, failureText(failure));
  }
  return message.recipients.length;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function mostFrequent(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].toSorted(([, a], [, b]) => b - a).slice(0, mostShown);
}

function statsText(stats: QueueStats): string {
  const { queue, messages, recipients, size, oldest, held, delivering, bouncesOwed, domains, failures } = stats;
  const age = oldest === null ? '' : `, the oldest ${span(Date.now() - Date.parse(oldest))} old`;
  const lines = [
    `queue ${queue}: ${count(messages, 'message')} for ${count(recipients, 'recipient')}, ${bytes(size)}${age}\n`,
    `  delivering ${delivering}, held ${held}, bounces to send ${bouncesOwed}\n`,
  ];
  const part = (title: string, counts: QueueStats['domains']): string =>
    counts.length === 0 ? '' : `  ${title}\n${table(counts.map(([name, number]) => [`    ${number}`, name]))}`;
  return lines.join('') + part('waiting for', domains) + part('last failure', failures);
}
