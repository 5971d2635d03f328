import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DirectInput } from '../../../runtime/net/direct-input.ts';

const input = new DirectInput();
let server: Server;
let port: number;

beforeEach(async () => {
  server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
});

afterEach(() => {
  server.close();
});

interface Pair {
  readonly client: Socket;
  readonly accepted: Socket;
  readonly taken: Socket;
}

/** Both ends of a connection; `before` runs with the accepted socket before it is taken over. */
async function connected(before: (accepted: Socket, client: Socket) => Promise<void> | void = () => {}): Promise<Pair> {
  const { promise, resolve, reject } = Promise.withResolvers<Pair>();
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => {});
  server.once('connection', (accepted: Socket) => {
    const ready = before(accepted, client);
    const take = (): void => {
      const taken = input.takeOver(accepted);
      taken.on('error', () => {});
      resolve({ client, accepted, taken });
    };
    if (ready === undefined) take();
    else ready.then(take, reject);
  });
  return promise;
}

async function end({ client, taken }: Pair): Promise<void> {
  client.destroy();
  taken.destroy();
  if (!taken.closed) await once(taken, 'close');
}

test('gives all bytes in their order', async () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 150_000 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(pieces, async (sizes) => {
      const pair = await connected();
      const kept: Buffer[] = [];
      pair.taken.on('data', (chunk: Buffer) => kept.push(Buffer.from(chunk)));
      const sent = sizes.map((size, at) => Buffer.alloc(size, `${at}:${size};`));
      for (const piece of sent) pair.client.write(piece);
      pair.client.end();
      await once(pair.taken, 'end');
      expect(Buffer.concat(kept).equals(Buffer.concat(sent))).toBe(true);
      await end(pair);
    }),
    { numRuns: 20 },
  );
});

test('reads unix sockets, too', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'direct-'));
  const local = createServer((accepted) => {
    const taken = input.takeOver(accepted);
    expect(taken).not.toBe(accepted);
    taken.on('data', (chunk: Buffer) => taken.end(String(chunk).toUpperCase()));
  });
  try {
    local.listen(join(directory, 'socket'));
    await once(local, 'listening');
    const client = connect(join(directory, 'socket'));
    client.write('lhlo');
    const [answer] = await once(client, 'data');
    expect(String(answer)).toBe('LHLO');
    client.destroy();
  } finally {
    local.close();
    rmSync(directory, { recursive: true });
  }
});

test('connections that are read in turn do not get into each other', async () => {
  const pairs = [await connected(), await connected(), await connected()];
  const heard = pairs.map(() => '');
  for (const [at, { taken }] of pairs.entries()) taken.on('data', (chunk: Buffer) => (heard[at] += String(chunk)));
  for (let round = 0; round < 50; round++) {
    for (const [at, { client }] of pairs.entries()) client.write(`${at}`.repeat(round + 1));
    await wait(0);
  }
  await Promise.all(
    pairs.map(({ client, taken }) => {
      client.end();
      return once(taken, 'end');
    }),
  );
  expect(heard).toEqual(pairs.map((_, at) => `${at}`.repeat((50 * 51) / 2)));
  await Promise.all(pairs.map(end));
});

test('reads nothing while it pauses, and loses nothing', async () => {
  const pair = await connected();
  let heard = '';
  pair.taken.on('data', (chunk: Buffer) => {
    heard += String(chunk);
  });
  pair.client.write('one');
  await once(pair.taken, 'data');
  pair.taken.pause();
  pair.client.write('two');
  await wait(50);
  expect(heard).toBe('one');
  pair.taken.resume();
  await once(pair.taken, 'data');
  expect(heard).toBe('onetwo');
  await end(pair);
});

test('answers a client that has ended its side, and knows both ends', async () => {
  const pair = await connected();
  const { client, taken } = pair;
  taken.on('data', () => {});
  expect([taken.remoteAddress, taken.remotePort]).toEqual(['127.0.0.1', client.localPort]);
  client.end('last words');
  await once(taken, 'end');
  taken.end('answer');
  const [answer] = await once(client, 'data');
  expect(String(answer)).toBe('answer');
  await end(pair);
});

test('leaves nothing that the server waits for', async () => {
  const pair = await connected();
  expect(pair.taken).not.toBe(pair.accepted);
  await end(pair);
  const closed = once(server, 'close');
  server.close();
  await closed;
});

test('a client that has spoken already is heard as before', async () => {
  const pair = await connected(async (accepted, client) => {
    client.write('early');
    while (accepted.bytesRead === 0) await wait(1);
  });
  expect(pair.taken).toBe(pair.accepted);
  const [heard] = await once(pair.taken, 'data');
  expect(String(heard)).toBe('early');
  await end(pair);
});

test('a client that has gone already is left as it is', async () => {
  const pair = await connected(async (accepted, client) => {
    client.end();
    await once(accepted.resume(), 'end');
  });
  expect(pair.taken).toBe(pair.accepted);
  await end(pair);
});
