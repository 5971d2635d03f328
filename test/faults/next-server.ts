import type { Mood } from '../kit/sink.ts';
import { clients, type Fault, type FaultRun } from './fault.ts';
import type { Counts } from './ledger.ts';
import { FaultWorld, type WorldOptions } from './world.ts';

/** Of so many tries at one point only the last succeeds while a storm lasts. */
const stormPeriod = 4;

/** Three of four times something happens at the point that begins so, as long as the storm lasts. */
function stormAt(point: string, mood: Mood): (to: string) => Mood | null {
  let times = 0;
  return (to) => (to.startsWith(point) && ++times % stormPeriod !== 0 ? mood : null);
}

async function underMood(
  { messages, ...run }: FaultRun,
  mood: (to: string) => Mood | null,
  options: Partial<WorldOptions> = {},
): Promise<Counts> {
  const world = await FaultWorld.create({ ...run, ...options, clients });
  try {
    world.mood(mood);
    await world.start();
    await world.send(messages);
    return await world.settled();
  } finally {
    await world.close();
  }
}

function storm(name: string, point: string, reply: string): Fault {
  return {
    name: `storm-${name}`,
    says: `the next server answers three of four times "${reply}" (${name})`,
    run: (run) => underMood(run, stormAt(point, { reply })),
  };
}

/** What the next server does to mail that comes out of the queue. */
export const nextServerFaults: readonly Fault[] = [
  storm('greeting', '<connect>', '421 4.3.2 Too busy'),
  storm('mail', 'MAIL', '451 4.3.0 Not now'),
  storm('recipient', 'RCPT TO:<good', '450 4.2.1 Mailbox busy'),
  storm('data', 'DATA', '451 4.3.0 Not now'),
  storm('end-of-data', '<data>', '452 4.3.1 No room'),
  {
    name: 'storm-without-end',
    says: 'every recipient is answered "450" until the queue gives up, and the sender is told',
    run: (run) =>
      underMood(run, (to) => (to.startsWith('RCPT TO:<good') ? { reply: '450 4.2.1 Mailbox busy' } : null), {
        maxTries: 3,
      }),
  },
  {
    name: 'slow',
    says: 'the next server takes its time for each reply',
    // Few messages: each waits for about six replies.
    run: (run) =>
      underMood({ ...run, messages: Math.max(10, Math.ceil(run.messages / 10)) }, () => ({ after: 200 * run.rounds })),
  },
  {
    name: 'trickle',
    says: 'replies of the next server come byte by byte',
    run: (run) => underMood(run, () => ({ trickle: 5 })),
  },
  {
    name: 'hang-up-in-content',
    says: 'the next server hangs up in the middle of the content',
    // More than a socket takes at once.
    run: (run) => underMood(run, stormAt('<content>', { reply: '<close>' }), { size: 300_000 }),
  },
  {
    name: 'hang-up-after-content',
    says: 'the next server takes the content and hangs up without a reply: it gets it again',
    run: (run) => underMood(run, stormAt('<data>', { reply: '<close>' })),
  },
  {
    name: 'silence-after-content',
    says: 'the next server takes the content and never answers: it gets it again',
    run: (run) => underMood(run, stormAt('<data>', { reply: '<silence>' }), { timeout: '500ms' }),
  },
  {
    name: 'many-recipients',
    says: 'one message has 10,000 recipients: some do not exist, some are busy the first time',
    run: manyRecipients,
  },
];

const recipients = 10_000;

async function manyRecipients({ messages: _, ...run }: FaultRun): Promise<Counts> {
  const world = await FaultWorld.create({ ...run, clients: 1 });
  const tried = new Set<string>();
  try {
    world.mood((to) => {
      if (!to.startsWith('RCPT TO:<busy') || tried.has(to)) return null;
      tried.add(to);
      return { reply: '450 4.2.1 Mailbox busy' };
    });
    await world.start();
    const kind = (at: number): string => (at % 100 === 0 ? 'bad' : at % 50 === 1 ? 'busy' : 'good');
    await world.sender().deliver(Array.from({ length: recipients }, (__, at) => `${kind(at)}-${at}`));
    return await world.settled();
  } finally {
    await world.close();
  }
}
