import { afterEach, expect, test } from 'vitest';
import type { Zones } from '../../kit/dns-server.ts';
import { freePort } from '../../kit/free-port.ts';
import { RemoteWorld } from '../../kit/remote-world.ts';

const worlds: RemoteWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

/** The reply when mail goes to `relay.test`, a server that the resolver knows or not. */
async function reply(zones: Zones): Promise<readonly string[]> {
  const mxPort = await freePort();
  const world = await RemoteWorld.start({
    mxPort,
    servers: { '127.0.0.1': {} },
    zones,
    blocks: `target.smtp relay {\n targets tcp://relay.test:${mxPort}\n starttls no\n}`,
    deliverTo: '&relay',
    remote: null,
  });
  worlds.push(world);
  return world.send({ to: ['bob@to.test'] });
}

test('the server that is named for DNS is asked for relays, too', async () => {
  expect(await reply({ 'relay.test.': { A: ['127.0.0.1'] } })).toEqual(['250 2.0.0 OK: queued']);
});

test.each([
  ['that does not exist', {}, '550 5.4.4 DNS error'],
  ['that cannot be found out', { 'relay.test.': { err: true } }, '450 4.4.4 DNS error'],
])('a relay %s', async (_, zone, expected) => {
  expect(await reply(zone)).toEqual([expected]);
});
