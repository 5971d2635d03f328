import { resolve } from 'node:path';
import { maddyMessageNames, readMaddyMessage } from '../../runtime/queue/maddy-directory.ts';
import type { QueuedMessage } from '../../runtime/queue/message.ts';
import { openQueueStore } from '../../runtime/queue/open-store.ts';
import { reasonOf } from '../../runtime/reason-of.ts';
import { Progress } from '../check/progress.ts';
import { type Invocation, UsageError } from '../command.ts';
import { type ConfiguredQueue, withQueues } from './open-queues.ts';
import { count } from './show-text.ts';

/** `queue import DIR`: takes over what a maddy that was stopped has left in its queue; what an earlier import took stays as it is. */
export async function importMaddyQueue(queues: readonly ConfiguredQueue[], invocation: Invocation): Promise<number> {
  const { io, operands, has } = invocation;
  const [, named] = operands;
  if (named === undefined)
    throw new UsageError('import which directory?', 'maddyc queue import /var/lib/maddy/remote_queue');
  const [queue, ...others] = queues;
  if (queue === undefined || others.length > 0) {
    throw new UsageError('into which queue?', `--queue ${queues.map(({ name }) => name).join(' or --queue ')}`);
  }
  const directory = resolve(io.cwd, named);
  const names = await maddyMessageNames(directory);
  if (names.length === 0) {
    io.stderr.write(`${named} holds no queued messages of maddy (files that end with .meta).\n`);
    return 1;
  }
  const failures: string[] = [];
  const present = await messagesIn(queue);
  const store = openQueueStore(queue.place, {
    role: 'guest',
    onError: (error) => void failures.push(reasonOf(error)),
  });
  await store.open();
  const progress = new Progress(io.stderr, names.length);
  let imported = 0;
  let known = 0;
  try {
    for (const id of names) {
      const read = await readMaddyMessage(directory, id, queue.schedule);
      progress.step(id);
      if (read.message === null) {
        failures.push(`${id}: ${read.reason}`);
        continue;
      }
      if (present.has(identityOf(read.message.message))) known++;
      else {
        await store.insert(read.message, false);
        imported++;
      }
      // Only what is safe here goes away there.
      if (!has('keep')) await read.remove();
    }
  } finally {
    progress.end();
    await store.close();
  }
  const already = known === 0 ? '' : `, ${known} already there`;
  io.stdout.write(`${count(imported, 'message')} imported into ${queue.name}${already}\n`);
  for (const failure of failures) io.stderr.write(`not imported: ${failure}\n`);
  return failures.length === 0 ? 0 : 1;
}

/** An import that was stopped, or that left the files where they are, must not make one message into two. */
async function messagesIn(queue: ConfiguredQueue): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  await withQueues([queue], async ([open]) => {
    for await (const { message } of open?.admin?.entries() ?? []) found.add(identityOf(message));
  });
  return found;
}

function identityOf({ id, arrivedAt, originalFrom }: QueuedMessage): string {
  return `${id} ${arrivedAt} ${originalFrom}`;
}
