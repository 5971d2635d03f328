import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { DnsServer } from '../../kit/dns-server.ts';
import { freePort } from '../../kit/free-port.ts';
import { RemoteWorld } from '../../kit/remote-world.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const hosts = ['127.0.0.2', '127.0.0.3', '127.0.0.4'] as const;
const stages = ['<connect>', 'EHLO', 'MAIL', 'RCPT TO:<a', 'RCPT', 'DATA', '<data>'] as const;
const replies = ['450 4.2.0 later', '550 5.1.1 never', '421 4.3.2 going', '<close>', 'nonsense', '250'] as const;

const behaviour = fc.array(fc.record({ to: fc.constantFrom(...stages), reply: fc.constantFrom(...replies) }), {
  maxLength: 2,
});

describe('whatever servers do', () => {
  test('each recipient is delivered to exactly one server, or is told why not', { timeout: 60_000 }, async () => {
    const counts = { messages: 0, delivered: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(behaviour, behaviour, behaviour),
        fc.array(fc.constantFrom('a', 'b', 'c')),
        async (scripts, names) => {
          const world = await RemoteWorld.start({
            // Two servers for one domain, one for another.
            zones: {
              'one.test.': {
                MX: [
                  { host: 'mx1.test.', pref: 10 },
                  { host: 'mx2.test.', pref: 20 },
                ],
              },
              'two.test.': { MX: [{ host: 'mx3.test.', pref: 10 }] },
              ...Object.fromEntries(hosts.map((host, at) => [`mx${at + 1}.test.`, { A: [host] }])),
            },
            servers: Object.fromEntries(hosts.map((host, at) => [host, { replies: scripts[at] ?? [] }])),
          });
          try {
            const to = ['a@one.test', 'a@two.test', ...names.map((name) => `${name}@one.test`)];
            const outcome = await world.send({ to: [...new Set(to)] });
            const last = outcome.at(-1) ?? '';
            counts.messages++;
            for (const reply of outcome) expect(reply).toMatch(/^(250|4\d\d 4\.|5\d\d 5\.)/);
            const stored = hosts.map((host) => world.sink(host).sessions.flatMap(({ messages }) => messages).length);
            // A server that says no to the content, or nothing, has it in its list all the same.
            for (const count of stored) expect(count).toBeLessThanOrEqual(1);
            if (last.startsWith('250')) {
              counts.delivered++;
              expect(stored.some((count) => count === 1)).toBe(true);
            } else counts.refused++;
          } finally {
            await world.stop();
          }
        },
      ),
      { numRuns: 60 },
    );
    console.log(counts);
    expect(counts.delivered).toBeGreaterThan(0);
    expect(counts.refused).toBeGreaterThan(0);
  });
});

describe('behind a queue', () => {
  const queue = 'queue spool {\ntarget &out\ninitial_retry_time 100ms\n}';
  const zones = { 'example.test.': { A: ['127.0.0.2'] } };

  async function arrived(world: RemoteWorld): Promise<number> {
    for (let attempt = 0; attempt < 400; attempt++) {
      const count = world.sink('127.0.0.2').sessions.flatMap(({ messages }) => messages).length;
      if (count > 0) return count;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return 0;
  }

  test('mail waits while DNS is down', async () => {
    const port = await freePort();
    const world = await RemoteWorld.start({
      resolver: `127.0.0.1:${port}`,
      servers: { '127.0.0.2': {} },
      deliverTo: queue,
    });
    cleanUps.push(() => world.stop());
    expect(await world.send({ to: ['bob@example.test'] })).toEqual(['250 2.0.0 OK: queued']);
    await logged(world, 'MX lookup error');
    const dns = await DnsServer.start(zones, { port });
    cleanUps.push(() => dns.stop());
    expect(await arrived(world)).toBe(1);
  });

  test('a server that hangs up in the middle of the content gets it again', async () => {
    let hangsUp = true;
    const world: RemoteWorld = await RemoteWorld.start({
      zones,
      servers: {
        '127.0.0.2': {
          onEvent: (_session, event) => {
            if (event.kind !== 'command' || event.line !== 'DATA' || !hangsUp) return;
            hangsUp = false;
            world.sink('127.0.0.2').drop();
          },
        },
      },
      deliverTo: queue,
    });
    cleanUps.push(() => world.stop());
    expect(await world.send({ to: ['bob@example.test'] })).toEqual(['250 2.0.0 OK: queued']);
    expect(await arrived(world)).toBe(1);
    expect(world.sink('127.0.0.2').sessions).toHaveLength(2);
  });
});

async function logged(world: RemoteWorld, text: string): Promise<void> {
  for (let attempt = 0; attempt < 600 && !world.log.includes(text); attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(world.log).toContain(text);
}
