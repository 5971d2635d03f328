import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { TrialPlaces } from '../../../cli/trial/trial-places.ts';
import type { TrialListener } from '../../../compiler/trial/trial-listeners.ts';
import { freePort } from '../../kit/free-port.ts';

function tcp(port: number, configured = `tcp://0.0.0.0:${port}`): TrialListener {
  return { name: 'smtp', configured, tls: 'starttls', service: `0 tcp ${port}`, wanted: { network: 'tcp', port } };
}

function unix(path: string): TrialListener {
  return {
    name: 'lmtp',
    configured: `unix://${path}`,
    tls: 'none',
    service: `1 ${path}`,
    wanted: { network: 'unix', path },
  };
}

async function placesOf(...listeners: readonly TrialListener[]): Promise<readonly string[]> {
  const places = new TrialPlaces('/trial/run');
  await places.assign(listeners);
  return listeners.map(places.placeOf);
}

describe('ports', () => {
  test('are ten thousand higher', async () => {
    const port = (await freePort()) - 10_000;
    expect(await placesOf(tcp(port))).toEqual([`tcp://127.0.0.1:${port + 10_000}`]);
  });

  test('are others where those are taken, or none', async () => {
    const server = createServer().listen(await freePort(), '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const taken = typeof address === 'object' && address !== null ? address.port : 0;
    const [instead, beyond, any] = await placesOf(tcp(taken - 10_000), tcp(60_000), tcp(0));
    server.close();
    for (const place of [instead, beyond, any]) expect(place).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
    expect(instead).not.toBe(`tcp://127.0.0.1:${taken}`);
    expect(new Set([instead, beyond, any]).size).toBe(3);
  });

  test('are one for the same service on several addresses', async () => {
    const [first, second] = await placesOf(tcp(0, 'tcp://192.0.2.1:0'), tcp(0, 'tcp://[2001:db8::1]:0'));
    expect(first).toBe(second);
  });

  test('stay when the configuration is read again', async () => {
    const places = new TrialPlaces('/trial/run');
    await places.assign([tcp(0)]);
    const before = places.placeOf(tcp(0));
    await places.assign([tcp(25, 'tcp://0.0.0.0:25'), tcp(0)]);
    expect(places.placeOf(tcp(0))).toBe(before);
  });
});

describe('sockets', () => {
  test('have their names, each its own', async () => {
    expect(await placesOf(unix('/run/maddy/lmtp.sock'), unix('/srv/lmtp.sock'), unix('/srv/..'))).toEqual([
      'unix://lmtp.sock',
      'unix://lmtp.sock-2',
      'unix://_2e_.',
    ]);
  });

  test('whose path is too long are said to be', async () => {
    const places = new TrialPlaces(`/${'long/'.repeat(20)}run`);
    await expect(places.assign([unix('/run/maddy/lmtp.sock')])).rejects.toThrow('--trial-dir');
  });
});
