import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DnsServer } from '../kit/dns-server.ts';
import { freePort } from '../kit/free-port.ts';
import { missingService } from '../kit/services.ts';
import { SmallDisk } from '../kit/small-disk.ts';
import { clients, type Fault, type FaultRun } from './fault.ts';
import type { Counts } from './ledger.ts';
import { FaultWorld, nextHost } from './world.ts';

/** What goes wrong around the server: DNS, the clock, the disk. */
export const surroundingFaults: readonly Fault[] = [
  { name: 'dns-down', says: 'nobody answers DNS questions, again and again', run: dnsDown },
  {
    name: 'clock',
    says: 'the clock jumps a day ahead, two days back, and to the right time again',
    missing: () => missingService('faketime') ?? (fakeTime === undefined ? 'libfaketime not found' : null),
    run: clockJumps,
  },
  {
    name: 'disk-full',
    says: 'the disk of the queue is full, until mail has left it',
    missing: SmallDisk.missing,
    run: diskFull,
  },
];

async function dnsDown({ messages, rounds, ...run }: FaultRun): Promise<Counts> {
  const port = await freePort();
  const zones = { 'sink.test.': { MX: [{ host: 'mx.sink.test.', pref: 10 }] }, 'mx.sink.test.': { A: [nextHost] } };
  // Answers are true for a second: a cache must not hide that nobody answers.
  const up = () => DnsServer.start(zones, { port, ttl: 1 });
  const world = await FaultWorld.create({
    ...run,
    clients,
    remote: { directives: '', resolver: `127.0.0.1:${port}` },
  });
  let dns: DnsServer | null = null;
  try {
    await world.start();
    for (let round = 0; round < rounds; round++) {
      const sent = world.send(Math.ceil(messages / rounds));
      dns = await up();
      await wait(300);
      await dns.stop();
      dns = null;
      await sent;
      await wait(1200);
    }
    dns = await up();
    return await world.settled();
  } finally {
    await dns?.stop();
    await world.close();
  }
}

const fakeTime = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map((machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));

async function clockJumps({ messages, ...run }: FaultRun): Promise<Counts> {
  const file = join(run.directory, 'offset');
  mkdirSync(run.directory, { recursive: true });
  const setClock = (offset: string): void => writeFileSync(file, `${offset}\n`);
  setClock('+0');
  const env = {
    LD_PRELOAD: fakeTime ?? '',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  // The time after the start is still going on when the clock is before it.
  const world = await FaultWorld.create({ ...run, clients, env, postInitDelay: '1h' });
  try {
    await world.start();
    for (const offset of ['+1d', '-1d', '+0']) {
      // Mail that waits for its next attempt meanwhile, to a server that seems to be down.
      world.mood((to) => (to === '<connect>' ? { reply: '<close>' } : null));
      await world.send(Math.ceil(messages / 6));
      setClock(offset);
      await world.send(Math.ceil(messages / 6));
      world.mood(null);
      const { lost } = await world.settled();
      if (lost.length > 0) break;
    }
    return world.ledger.counts;
  } finally {
    await world.close();
  }
}

/** The server leaves 32 MiB free: 4 MiB are for mail. */
const diskSize = '36m';

async function diskFull({ messages, directory, ...run }: FaultRun): Promise<Counts> {
  const disk = new SmallDisk(diskSize, join(directory, 'state'));
  const world = await FaultWorld.create({ ...run, directory, clients, size: 300_000 });
  try {
    world.mood((to) => (to.startsWith('MAIL') ? { reply: '451 4.3.0 Not now' } : null));
    await world.start();
    const sent = world.send(messages);
    const isFull = async (): Promise<void> => {
      while (world.ledger.counts.refused < clients) await wait(20);
    };
    await Promise.race([sent, isFull()]);
    world.mood(null);
    await sent;
    if (world.ledger.counts.refused === 0) throw new Error('the disk was never full');
    return await world.settled();
  } finally {
    await world.close();
    disk.remove();
  }
}
