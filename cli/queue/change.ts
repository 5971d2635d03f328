import type { QueueChange, QueueEntry } from '../../runtime/queue/admin.ts';
import { Progress } from '../check/progress.ts';
import { type Invocation, UsageError } from '../command.ts';
import { askLine } from '../prompt.ts';
import { entryFilter } from './filter.ts';
import type { OpenQueue } from './open-queues.ts';
import { count } from './show-text.ts';

/** What is changed in one go: a server that works on the queue waits for so long. */
const batchSize = 200;

const done: Readonly<Record<QueueChange, string>> = {
  retry: 'will be tried now',
  hold: 'held',
  release: 'released',
  delete: 'deleted',
  giveUp: 'given up: their senders are told',
};

/** `queue retry`, `hold`, `release`, `delete`, `bounce`: of messages that are named, that a filter finds, or of all with `--all`. */
export async function change(open: readonly OpenQueue[], invocation: Invocation, what: QueueChange): Promise<number> {
  const { io, has, operands } = invocation;
  const filter = entryFilter(invocation, Date.now());
  if (!filter.isNarrow && !has('all')) {
    throw new UsageError(`${operands[0]} which messages?`, 'name their ids, a filter such as --to, or --all');
  }
  let changed = 0;
  let busy = 0;
  for (const each of open) {
    if (each.admin === null) continue;
    const chosen: QueueEntry[] = [];
    for await (const entry of each.admin.entries()) if (filter.matches(entry)) chosen.push(entry);
    if (chosen.length === 0) continue;
    if (what === 'giveUp' && !each.queue.bounces) {
      throw new UsageError(
        `the queue ${each.queue.name} has no bounce block`,
        'nobody would be told: delete does the same',
      );
    }
    if (!(await isSure(invocation, what, chosen.length))) return 1;
    const progress = new Progress(io.stderr, chosen.length);
    for (let at = 0; at < chosen.length; at += batchSize) {
      const batch = chosen.slice(at, at + batchSize);
      const keys = await each.admin.change(batch, what);
      changed += keys.size;
      busy += batch.length - keys.size;
      for (const { message } of batch) progress.step(message.id);
    }
    progress.end();
  }
  if (changed === 0 && busy === 0) {
    io.stderr.write('No such message.\n');
    return 1;
  }
  if (has('json')) io.stdout.write(`${JSON.stringify({ changed, busy })}\n`);
  else io.stdout.write(`${count(changed, 'message')} ${done[what]}\n`);
  if (busy > 0) {
    io.stderr.write(`${count(busy, 'message')} left alone: being delivered at this moment. Try again in a minute.\n`);
  }
  return busy > 0 ? 1 : 0;
}

/** What cannot be undone is asked for where somebody can answer. */
async function isSure({ io, has, operands }: Invocation, what: QueueChange, messages: number): Promise<boolean> {
  if ((what !== 'delete' && what !== 'giveUp') || has('yes') || !io.stdinIsTerminal) return true;
  const answer = await askLine(io, `${operands[0]} ${count(messages, 'message')}? [y/N] `);
  if (/^y/i.test(answer.trim())) return true;
  io.stderr.write('Nothing changed.\n');
  return false;
}
