import type { QueueEntry } from '../../runtime/queue/admin.ts';
import { type Invocation, UsageError } from '../command.ts';
import { type EntryFilter, entryFilter } from './filter.ts';
import type { OpenQueue } from './open-queues.ts';
import { bytes, count, failureText, printable, span, table, tries, whenText } from './show-text.ts';

const usualLimit = 1000;

/** `queue list` */
export async function list(open: readonly OpenQueue[], invocation: Invocation): Promise<number> {
  const { io, has, value } = invocation;
  const now = Date.now();
  const filter = entryFilter(invocation, now);
  const limit = Number(value('limit') ?? usualLimit);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit takes a number from 1 on');
  for (const each of open) {
    const { shown, all } = await select(each, filter, has('json') ? Number.POSITIVE_INFINITY : limit);
    if (has('json')) {
      for (const entry of shown) io.stdout.write(`${JSON.stringify(entryJson(each, entry))}\n`);
      continue;
    }
    io.stderr.write(`queue ${each.queue.name}: ${count(all.messages, 'message')}, ${bytes(all.size)}\n`);
    if (shown.length === 0) continue;
    io.stdout.write(
      table([['ID', 'AGE', 'SIZE', 'TRIES', 'NEXT', 'FROM', 'TO'], ...shown.map((entry) => row(entry, now))]),
    );
    if (shown.length < all.messages) io.stderr.write(`… and ${all.messages - shown.length} more (--limit N)\n`);
  }
  return 0;
}

async function select({ admin }: OpenQueue, filter: EntryFilter, limit: number) {
  const shown: QueueEntry[] = [];
  const all = { messages: 0, size: 0 };
  for await (const entry of admin?.entries() ?? []) {
    if (!filter.matches(entry)) continue;
    all.messages++;
    all.size += entry.size;
    if (shown.length < limit) shown.push(entry);
  }
  return { shown, all };
}

function row(entry: QueueEntry, now: number): readonly string[] {
  const { id, from, arrivedAt, recipients, bounce } = entry.message;
  const [first, ...others] = recipients;
  const to =
    first === undefined ? `(bounce to ${from})` : `${first.to}${others.length > 0 ? `, +${others.length}` : ''}`;
  const failure = first?.failure ?? bounce?.recipients.at(-1)?.failure ?? null;
  return [
    id,
    span(now - arrivedAt),
    bytes(entry.size),
    String(tries(entry)),
    whenText(entry, now),
    printable(`<${from}>`),
    printable(`${to}${failure === null ? '' : `  ${failureText(failure)}`}`),
  ];
}

/** One message for a program: times in ISO 8601. */
export function entryJson({ queue }: OpenQueue, { message, size, state, dueAt }: QueueEntry) {
  const { id, from, arrivedAt, lastAttemptAt, recipients, bounce } = message;
  return {
    queue: queue.name,
    id,
    from,
    state,
    size,
    arrived: new Date(arrivedAt).toISOString(),
    lastAttempt: lastAttemptAt === arrivedAt ? null : new Date(lastAttemptAt).toISOString(),
    next: state === 'held' ? null : new Date(dueAt).toISOString(),
    recipients: recipients.map(({ to, original, tries: failed, failure }) => ({
      to,
      original,
      tries: failed,
      failure,
    })),
    bounceOwedFor: bounce?.recipients.map(({ to, failure }) => ({ to, failure })) ?? [],
  };
}

/** `queue show ID…` */
export async function show(open: readonly OpenQueue[], invocation: Invocation): Promise<number> {
  const { io, has, operands } = invocation;
  if (operands.length < 2) throw new UsageError('show which message?', 'maddyc queue show ID');
  const filter = entryFilter(invocation, Date.now());
  let found = 0;
  for (const each of open) {
    for await (const entry of each.admin?.entries() ?? []) {
      if (!filter.matches(entry) || each.admin === null) continue;
      found++;
      const { header, body } = await each.admin.read(entry.key);
      if (has('raw')) {
        io.stdout.write(header);
        io.stdout.write('\r\n');
        for await (const chunk of body.chunks()) io.stdout.write(chunk);
      } else if (has('json')) {
        io.stdout.write(`${JSON.stringify({ ...entryJson(each, entry), header: header.toString() }, null, 2)}\n`);
      } else io.stdout.write(entryText(each, entry, header));
    }
  }
  if (found > 0) return 0;
  io.stderr.write(`No such message in ${open.map(({ queue }) => queue.name).join(', ')}.\n`);
  return 1;
}

function entryText({ queue }: OpenQueue, entry: QueueEntry, header: Buffer): string {
  const now = Date.now();
  const { id, from, arrivedAt, lastAttemptAt, recipients, bounce } = entry.message;
  const lines = [
    `${id}  in ${queue.name}, ${bytes(entry.size)}, ${whenText(entry, now)}`,
    `  from     ${printable(`<${from}>`)}`,
    `  arrived  ${new Date(arrivedAt).toISOString()} (${span(now - arrivedAt)} ago)`,
    ...(lastAttemptAt === arrivedAt ? [] : [`  tried    ${new Date(lastAttemptAt).toISOString()}`]),
    ...recipients.flatMap(({ to, tries: failed, failure }) => [
      `  to       ${printable(to)}${failed > 0 ? `, failed ${failed === 1 ? 'once' : `${failed} times`}` : ''}`,
      ...(failure === null ? [] : [`           ${failureText(failure)}`]),
    ]),
    ...(bounce?.recipients ?? []).flatMap(({ to, failure }) => [
      `  given up ${printable(to)}, the sender is still to be told`,
      `           ${failureText(failure)}`,
    ]),
    '',
    ...header.toString().trimEnd().split('\r\n').map(printable),
    '',
  ];
  return `${lines.join('\n')}\n`;
}
