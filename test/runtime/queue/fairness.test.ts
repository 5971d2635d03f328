import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Delivery, type Message, type MessageContext, ReplyError, type Target } from '../../../runtime/module.ts';
import { monotonicTime } from '../../../runtime/monotonic-time.ts';
import { createLogger } from '../../../runtime/observe/line-logger.ts';
import { createOutput } from '../../../runtime/observe/output.ts';
import { bodyOf, headerOf } from '../../../runtime/queue/content.ts';
import { QueueClaims, QueueHosts } from '../../../runtime/queue/hosts.ts';
import { Queue } from '../../../runtime/queue/queue.ts';
import { backOffRulesOf, type DestinationSettings } from '../../../runtime/queue/settings.ts';
import { SqliteStore } from '../../../runtime/queue/sqlite/store.ts';
import { QueueStoreFull } from '../../../runtime/queue/store.ts';
import { type FaultPoint, FaultyStore } from '../../faults/faulty-store.ts';

let directory = '';
let queue: Queue;
let fault: (point: FaultPoint) => void = () => {};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'queue-'));
  fault = () => {};
});

afterEach(async () => {
  await queue.stop(monotonicTime() + 1000);
  await rm(directory, { recursive: true, force: true });
});

/** A world of domains: `down.test` answers nobody until `answer` is called, `slow` recipients are counted. */
class World implements Target {
  readonly delivered: string[] = [];
  attemptsAtDown = 0;
  mostAtDown = 0;
  #atDown = 0;
  #woken: () => void = () => {};
  answers: Promise<void> = Promise.resolve();

  destinationOf(to: string): string {
    return to.slice(to.lastIndexOf('@') + 1);
  }

  start(): Delivery {
    const recipients: string[] = [];
    return {
      addRecipient: async (to) => {
        if (this.destinationOf(to) === 'down.test') {
          this.attemptsAtDown++;
          this.mostAtDown = Math.max(this.mostAtDown, ++this.#atDown);
          await this.answers;
          this.#atDown--;
          // In the words of target.remote.
          throw new ReplyError({ code: 451, enhanced: '4.4.0', text: 'No usable MXs, last err: no answer' });
        }
        recipients.push(to);
      },
      body: async (_: Message, perRecipient) => {
        for (const to of recipients) {
          this.delivered.push(to);
          perRecipient?.(to, null);
        }
      },
      commit: async () => this.#woken(),
      abort: async () => {},
    };
  }

  async has(count: number): Promise<void> {
    while (this.delivered.length < count) {
      await new Promise<void>((resolve) => {
        this.#woken = resolve;
      });
    }
  }
}

async function startQueue(target: Target, settings: Partial<DestinationSettings> = {}): Promise<void> {
  queue = new Queue({
    place: directory,
    delivers: true,
    openStore: (onError) => new FaultyStore(new SqliteStore({ directory, onError }), (point) => fault(point)),
    queues: new QueueClaims(new QueueHosts()),
    target,
    bounce: null,
    hostname: 'mx.test',
    schedule: { initialRetryTime: 60_000, retryTimeScale: 1, maxTries: 3 },
    maxParallelism: 16,
    destinations: backOffRulesOf({ max_parallelism: 16, ...settings }),
    postInitDelay: 0,
    log: createLogger({ output: createOutput([]), name: 'queue', debug: false }),
    now: Date.now,
    chance: () => 0,
  });
  await queue.start();
}

const context: MessageContext = {
  id: '0000000a',
  client: null,
  auth: null,
  originalFrom: 'from@sender.test',
  smtputf8: false,
  requireTls: false,
  declaredSize: null,
  quarantined: false,
  tlsNotRequired: false,
};

async function put(...recipients: readonly string[]): Promise<void> {
  const delivery = await queue.target.start(context, context.originalFrom);
  for (const to of recipients) await delivery.addRecipient(to, to);
  await delivery.body(
    { context, header: headerOf(Buffer.from('Subject: x\r\n')), body: bodyOf([Buffer.from('x\r\n')]) },
    null,
  );
  await delivery.commit();
}

describe('a destination that does not answer', () => {
  test('does not hold up the others', async () => {
    const world = new World();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.answers = promise;
    await startQueue(world);
    for (let at = 0; at < 50; at++) await put(`user${at}@down.test`);
    for (let at = 0; at < 50; at++) await put(`user${at}@up${at % 5}.test`);
    await world.has(50);
    expect(world.mostAtDown).toBeLessThanOrEqual(4);
    resolve();
  });

  test('has as many deliveries at once as destination_parallelism says', async () => {
    const world = new World();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.answers = promise;
    await startQueue(world, { destination_parallelism: 7 });
    for (let at = 0; at < 50; at++) await put(`user${at}@down.test`);
    await put('ann@up.test');
    await world.has(1);
    expect(world.mostAtDown).toBe(7);
    resolve();
  });

  test('is left alone after as many messages as destination_tolerance says, for destination_pause', async () => {
    const world = new World();
    await startQueue(world, { destination_parallelism: 1, destination_tolerance: 2, destination_pause: 300 });
    await Promise.all(Array.from({ length: 10 }, (_, at) => put(`user${at}@down.test`)));
    await put('ann@up.test');
    await world.has(1);
    expect(world.attemptsAtDown).toBe(2);
    await expect.poll(() => world.attemptsAtDown, { timeout: 5000 }).toBe(3);
  });

  test('is left alone after some messages, which lose no try', async () => {
    const world = new World();
    await startQueue(world);
    await Promise.all(Array.from({ length: 60 }, (_, at) => put(`user${at}@down.test`)));
    await put('ann@up.test');
    await world.has(1);
    expect(world.attemptsAtDown).toBeLessThan(20);
  });

  test('does not keep a message from its other recipients', async () => {
    const world = new World();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.answers = promise;
    await startQueue(world);
    await put('ann@down.test', 'bob@up.test', 'carl@up.test');
    await world.has(2);
    expect(world.delivered).toEqual(['bob@up.test', 'carl@up.test']);
    resolve();
  });
});

test('10,000 recipients of one message', async () => {
  const world = new World();
  await startQueue(world);
  await put(...Array.from({ length: 10_000 }, (_, at) => `user${at}@d${at % 100}.test`));
  await world.has(10_000);
  expect(new Set(world.delivered).size).toBe(10_000);
});

describe('a store', () => {
  test('that has no room refuses for now, and takes mail again later', async () => {
    const world = new World();
    await startQueue(world);
    fault = (point) => {
      if (point === 'insert begins') throw new QueueStoreFull('database or disk is full');
    };
    await expect(put('ann@up.test')).rejects.toMatchObject({ reply: { code: 452, enhanced: '4.3.1' } });
    fault = () => {};
    await put('bob@up.test');
    await world.has(1);
    expect(world.delivered).toEqual(['bob@up.test']);
  });

  test('that fails in another way refuses for now', async () => {
    await startQueue(new World());
    fault = (point) => {
      if (point === 'insert begins') throw new Error('disk I/O error');
    };
    await expect(put('ann@up.test')).rejects.toMatchObject({ reply: { code: 451, enhanced: '4.3.0' } });
  });
});
