import { setTimeout as wait } from 'node:timers/promises';
import type { Counts } from './ledger.ts';
import { FaultWorld, type WorldOptions } from './world.ts';

export interface ServerKillOptions extends WorldOptions {
  /** How each life ends by SIGKILL: so many milliseconds after so many more messages were accepted, however fast the machine is. */
  readonly lives: readonly { readonly messages: number; readonly pause: number }[];
}

/**
 * A whole server with a queue between its clients and the next server, ended by SIGKILL life after life in the middle of its
 * sessions and deliveries. Whatever a client was told 250 for has to arrive.
 */
export async function runServerKillLoop({ lives, ...options }: ServerKillOptions): Promise<Counts> {
  const world = await FaultWorld.create(options);
  const { ledger } = world;
  try {
    let sent: Promise<void> | null = null;
    for (const { messages, pause } of lives) {
      const server = await world.start();
      sent ??= world.send(Number.POSITIVE_INFINITY);
      for (const enough = ledger.accepted + messages; ledger.accepted < enough; ) await wait(1);
      await wait(pause);
      server.signal('SIGKILL');
      await server.ended();
    }
    world.rest();
    await world.start();
    await sent;
    return await world.settled();
  } finally {
    await world.close();
  }
}
