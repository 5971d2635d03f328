import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turnEnd, setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DirectOutput } from '../../../runtime/net/direct-output.ts';
import { OutputTurn } from '../../../runtime/net/output-turn.ts';

const turn = new OutputTurn(() => connections);
let connections: number;
let server: Server;
let directory: string;

beforeEach(async () => {
  connections = 20;
  directory = mkdtempSync(join(tmpdir(), 'output-'));
  server = createServer({ allowHalfOpen: true });
  server.listen(join(directory, 'socket'));
  await once(server, 'listening');
});

afterEach(() => {
  vi.restoreAllMocks();
  server.close();
  rmSync(directory, { recursive: true });
});

interface Pair {
  readonly client: Socket;
  readonly socket: Socket;
  readonly output: DirectOutput;
}

async function connected(): Promise<Pair> {
  const client = connect(join(directory, 'socket')).pause();
  client.on('error', () => {});
  const [socket] = await once(server, 'connection');
  if (!(socket instanceof Socket)) throw new Error('no connection');
  socket.on('error', () => {});
  return { client, socket, output: new DirectOutput(socket, turn) };
}

async function end({ client, socket }: Pair): Promise<void> {
  client.destroy();
  socket.destroy();
  if (!socket.closed) await once(socket, 'close');
}

async function heardBy(client: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of client) chunks.push(chunk);
  return Buffer.concat(chunks);
}

type Step =
  | { readonly kind: 'text' | 'bytes' | 'by the stream'; readonly size: number }
  | { readonly kind: 'turn' | 'flush' | 'read' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('text', 'bytes', 'by the stream'), size: fc.integer({ min: 0, max: 300_000 }) }),
    fc.record({ kind: fc.constantFrom('text', 'bytes'), size: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constantFrom('turn', 'flush', 'read') }),
  ),
  { maxLength: 25 },
);

test('all comes in its order, however fast it is taken and whoever else writes', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const pair = await connected();
      const { client, socket, output } = pair;
      const sent: Buffer[] = [];
      const early: Buffer[] = [];
      let taken = 0;
      let written = 0;
      for (const [at, step] of script.entries()) {
        if ('size' in step) {
          const bytes = Buffer.alloc(step.size, at % 2 === 0 ? `${at}é;` : `${at};`);
          sent.push(Buffer.from(bytes.toString()));
          written++;
          const whenTaken = (): number => taken++;
          if (step.kind === 'text') output.write(bytes.toString(), whenTaken);
          else if (step.kind === 'bytes') output.write(sent.at(-1) ?? bytes, whenTaken);
          else {
            output.flush();
            socket.write(bytes.toString(), whenTaken);
          }
        } else if (step.kind === 'turn') await turnEnd();
        else if (step.kind === 'flush') output.flush();
        else early.push(client.read() ?? Buffer.alloc(0));
      }
      output.flush();
      socket.end();
      const heard = Buffer.concat([...early, await heardBy(client)]);
      expect(heard.equals(Buffer.concat(sent))).toBe(true);
      await vi.waitFor(() => expect(taken).toBe(written));
      expect(output.waiting).toBe(0);
      await end(pair);
    }),
    { numRuns: 60 },
  );
});

test('replies of one turn leave together when it ends, past the stream', async () => {
  const pair = await connected();
  const { client, socket, output } = pair;
  const byStream = vi.spyOn(socket, 'write');
  output.write('250 one\r\n');
  output.write('250 two\r\n');
  expect(socket.bytesWritten).toBe(0);
  client.resume();
  const [heard] = await once(client, 'data');
  expect(String(heard)).toBe('250 one\r\n250 two\r\n');
  expect(byStream).not.toHaveBeenCalled();
  await end(pair);
});

test('where few connections are, nobody waits for the end of the turn', async () => {
  const pair = await connected();
  connections = 3;
  pair.output.write('250 one\r\n');
  expect(pair.socket.bytesWritten).toBe(9);
  await end(pair);
});

test('the stream writes where the handle is of another kind', async () => {
  const pair = await connected();
  const { client, socket } = pair;
  const handle: unknown = Reflect.get(socket, '_handle');
  Reflect.set(socket, '_handle', null);
  const output = new DirectOutput(socket, turn);
  Reflect.set(socket, '_handle', handle);
  output.write('220 mx\r\n');
  client.resume();
  const [heard] = await once(client, 'data');
  expect(String(heard)).toBe('220 mx\r\n');
  await end(pair);
});

test('tells what the client does not take, and goes on when it does', async () => {
  const pair = await connected();
  const { client, output } = pair;
  let taken = false;
  output.write(Buffer.alloc(4_000_000, 'x'), () => {
    taken = true;
  });
  output.flush();
  await wait(20);
  expect(output.waiting).toBeGreaterThan(0);
  expect(taken).toBe(false);
  client.resume();
  await vi.waitFor(() => expect(taken).toBe(true));
  expect(output.waiting).toBe(0);
  await end(pair);
});

test.for(['at once', 'while bytes wait'])('a client that is gone %s is an error of the socket', async (when) => {
  const { client, socket, output } = await connected();
  const failed = once(socket, 'error');
  socket.resume();
  if (when === 'while bytes wait') {
    output.write(Buffer.alloc(4_000_000));
    output.flush();
    client.destroy();
  } else {
    client.destroy();
    await once(socket, 'end');
    output.write('250 late\r\n');
  }
  const [error] = await failed;
  expect(error).toMatchObject({ code: expect.stringMatching(/EPIPE|ECONNRESET/) });
  if (!socket.closed) await once(socket, 'close');
});

test('says nothing to a socket that was closed meanwhile', async () => {
  const { client, socket, output } = await connected();
  output.write('250 never\r\n');
  socket.destroy();
  await once(socket, 'close');
  await turnEnd();
  expect((await heardBy(client)).length).toBe(0);
});
