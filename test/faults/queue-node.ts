/**
 * A queue in a process of its own, for tests that end it at any moment.
 *
 *   node queue-node.ts STORE SINK-PORT NAME MESSAGES [POINT TIMES]
 *
 * Takes MESSAGES messages, says `accepted` with the recipients of each once it is safe, and delivers to the sink; with POINT it kills itself when it
 * comes there for the TIMES-th time. Says `empty` whenever nothing is left, and serves until it is ended.
 */
import { writeSync } from 'node:fs';
import { Downstream } from '../../runtime/client/downstream.ts';
import { defaultPoolLimits } from '../../runtime/client/pool.ts';
import type { Message, MessageContext, Target } from '../../runtime/module.ts';
import { monotonicTime } from '../../runtime/monotonic-time.ts';
import { createLogger } from '../../runtime/observe/line-logger.ts';
import { createOutput } from '../../runtime/observe/output.ts';
import { bodyOf, headerOf } from '../../runtime/queue/content.ts';
import { QueueClaims, QueueHosts } from '../../runtime/queue/hosts.ts';
import { PostgresStore } from '../../runtime/queue/postgres/store.ts';
import { Queue } from '../../runtime/queue/queue.ts';
import { backOffRulesOf } from '../../runtime/queue/settings.ts';
import { SqliteStore } from '../../runtime/queue/sqlite/store.ts';
import type { QueueStore } from '../../runtime/queue/store.ts';
import { FaultyStore } from './faulty-store.ts';

const [, , place = '', sinkPort = '', name = '', messages = '0', point = '', times = '1'] = process.argv;
const second = 1000;

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Nodes that are killed are missed sooner than usual. */
function createStore(onError: (error: unknown) => void): QueueStore {
  if (!place.startsWith('postgres:')) return new SqliteStore({ directory: place, onError });
  const heartbeat = { interval: 200, patience: 2 * second };
  return new PostgresStore({ url: place, queue: 'outbound', role: 'server', onError, heartbeat });
}

let passes = 0;
let opened: QueueStore | null = null;
function openStore(onError: (error: unknown) => void): QueueStore {
  const store = new FaultyStore(createStore(onError), (at) => {
    if (at === point && ++passes === Number(times)) process.kill(process.pid, 'SIGKILL');
  });
  opened = store;
  return store;
}

const target: Target = new Downstream({
  addresses: [{ kind: 'tcp', host: '127.0.0.1', port: Number(sinkPort), tls: false }],
  dial: {
    connectTimeout: 5 * second,
    commandTimeout: 5 * second,
    submissionTimeout: 5 * second,
    tls: {},
    now: Date.now,
  },
  handshake: { protocol: 'smtp', hostname: 'mx.test', startTls: 'never', auth: { mechanism: 'off' } },
  pool: defaultPoolLimits,
});
const queue = new Queue({
  delivers: true,
  place,
  openStore,
  queues: new QueueClaims(new QueueHosts()),
  target,
  bounce: { target, domain: 'mx.test' },
  hostname: 'mx.test',
  schedule: { initialRetryTime: 100, retryTimeScale: 1, maxTries: 3 },
  maxParallelism: 16,
  destinations: backOffRulesOf({ max_parallelism: 16 }),
  postInitDelay: 0,
  log: createLogger({ output: createOutput([]), name: 'queue', debug: false }),
  now: Date.now,
  chance: Math.random,
});

function message(id: string): Message {
  const context: MessageContext = {
    id: 'feedbeef',
    client: null,
    auth: null,
    originalFrom: `sender-${id}@source.test`,
    smtputf8: false,
    requireTls: false,
    declaredSize: null,
    quarantined: false,
    tlsNotRequired: false,
  };
  return { context, header: headerOf(Buffer.from(`X-Number: ${id}\r\n`)), body: bodyOf([Buffer.from('Hello\r\n')]) };
}

/** Every fifth message has a recipient that is refused, every seventh one that is always busy. */
async function accept(number: number): Promise<void> {
  const id = `${name}-${number}`;
  const content = message(id);
  const delivery = await queue.target.start(content.context, content.context.originalFrom);
  const names = ['good', ...(number % 5 === 0 ? ['bad'] : []), ...(number % 7 === 0 ? ['busy'] : [])];
  const recipients = names.map((each) => `${each}-${id}@sink.test`);
  for (const recipient of recipients) await delivery.addRecipient(recipient, recipient);
  await delivery.body(content, null);
  try {
    await delivery.commit();
    say(`accepted ${recipients.join(' ')}`);
  } catch {
    say(`refused ${id}`);
    await delivery.abort();
  }
}

await queue.start();
say('ready');
const numbers = Array.from({ length: Number(messages) }, (_, at) => at + 1);
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) await accept(number);
  }),
);
say('sent');
setInterval(async () => {
  // The database may be away.
  if ((await opened?.count().catch(() => null)) === 0) say('empty');
}, 50);
process.on('SIGTERM', async () => {
  await queue.stop(monotonicTime() + 2 * second);
  process.exit(0);
});
