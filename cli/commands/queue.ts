import { type Command, commonOptions, type Invocation, UsageError } from '../command.ts';
import { DiskHost } from '../disk-host.ts';
import { loadPlan } from '../load-plan.ts';
import { configOption, harnessOptions, maddyFile, systemFile } from '../maddy-options.ts';
import { change } from '../queue/change.ts';
import { filterOptions } from '../queue/filter.ts';
import { importMaddyQueue } from '../queue/import.ts';
import { list, show } from '../queue/list.ts';
import { type ConfiguredQueue, configuredQueues, type OpenQueue, withQueues } from '../queue/open-queues.ts';
import { stats } from '../queue/stats.ts';

interface Action {
  readonly says: string;
  readonly work: (queues: readonly ConfiguredQueue[], invocation: Invocation) => Promise<number>;
}

/** An action on the messages of open queues. */
function onMessages(
  says: string,
  work: (open: readonly OpenQueue[], invocation: Invocation) => Promise<number>,
): Action {
  return { says, work: (queues, invocation) => withQueues(queues, (open) => work(open, invocation)) };
}

const actions: ReadonlyMap<string, Action> = new Map([
  ['list', onMessages('what waits, and why', list)],
  ['show', onMessages('one message', show)],
  ['retry', onMessages('due now', (open, invocation) => change(open, invocation, 'retry'))],
  ['hold', onMessages('not tried until it is released', (open, invocation) => change(open, invocation, 'hold'))],
  ['release', onMessages('tried again after a hold', (open, invocation) => change(open, invocation, 'release'))],
  ['delete', onMessages('dropped without a word', (open, invocation) => change(open, invocation, 'delete'))],
  ['bounce', onMessages('given up, and the sender told', (open, invocation) => change(open, invocation, 'giveUp'))],
  ['stats', onMessages('how much waits, and for whom', stats)],
  ['import', { says: 'the queue directory of maddy', work: importMaddyQueue }],
]);

export const queue: Command = {
  name: 'queue',
  summary: 'mail that waits: list, show, retry, hold, release, delete, bounce, stats, import',
  usage: 'list | show ID | retry | hold | release | delete | bounce | stats | import DIR  [ID…] [options]',
  description: `Looks after the queues of a configuration, whether the server runs or not. What the server delivers at this moment is left
alone and reported. retry makes messages due now, hold keeps them from being tried until release, delete drops them without a word, bounce
gives them up and tells their senders. import takes over the queue directory of a maddy that was stopped.`,
  options: [
    configOption,
    { name: 'queue', value: 'NAME', help: 'only this queue; default: all that the configuration has' },
    ...filterOptions,
    { name: 'all', help: 'retry, hold, release, delete, bounce: every message' },
    { name: 'limit', value: 'N', help: 'list: so many messages; default 1000' },
    { name: 'raw', help: 'show: the message itself' },
    { name: 'keep', help: 'import: leave the files where they are' },
    { name: 'yes', short: 'y', help: 'do not ask' },
    commonOptions.json,
    commonOptions.color,
    ...harnessOptions,
  ],
  examples: [
    { command: 'maddyc queue list --to example.net', says: 'what waits for a domain, and why' },
    { command: 'maddyc queue retry --to example.net', says: 'once its server is back' },
    { command: 'maddyc queue show 917f95f6', says: 'one message, with the ID of the log' },
    { command: 'maddyc queue import /var/lib/maddy/remote_queue', says: 'when maddyc takes maddy’s place' },
  ],
  exitCodes: [
    [0, 'done'],
    [1, 'not done, or not for all: no such message, being delivered, a file that cannot be read, …'],
    [2, 'wrong use'],
  ],
  docs: 'queue.md',
  operands: Number.POSITIVE_INFINITY,
  operandWords: () => [...actions].map(([word, { says }]) => ({ word, says })),

  async run(invocation) {
    const { operands, value } = invocation;
    const [name = ''] = operands;
    const action = actions.get(name);
    if (action === undefined) {
      throw new UsageError(
        name === '' ? 'queue what?' : `queue has no action "${name}"`,
        `one of ${[...actions.keys()].join(', ')}`,
      );
    }
    const loaded = await loadPlan(configurationFor(invocation), invocation);
    if (loaded === null) return 1;
    return action.work(configuredQueues(loaded.plan, value('queue')), invocation);
  },
};

/** maddy's file, and not the one here: this may be a server's folder, or not. Throws UsageError when only the latter is there. */
function configurationFor({ io, value }: Invocation): string {
  const path = maddyFile(io, value('config'));
  const host = new DiskHost(io.cwd, {});
  if (path === systemFile && host.read(path).kind === 'absent' && host.read('maddy.conf').kind !== 'absent') {
    throw new UsageError(`${path}: no such file or directory`, 'for the one that is here add: -config maddy.conf');
  }
  return path;
}
