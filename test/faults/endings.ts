import { setTimeout as wait } from 'node:timers/promises';
import { postgresUrl } from '../kit/queue.ts';
import { missingService, type Service, startService } from '../kit/services.ts';
import { clients, type Fault, type FaultRun } from './fault.ts';
import type { Counts } from './ledger.ts';
import { runServerKillLoop } from './server-kill-loop.ts';
import { maddycFromSources, missingTracer, type SyscallFault, underFault } from './syscall-faults.ts';
import { FaultWorld } from './world.ts';

/** What ends in the middle of its work: the server, its writes, its database. */
export const endingFaults: readonly Fault[] = [
  {
    name: 'kill-server',
    says: 'kill -9 of the server at moments that chance chooses',
    run: ({ rounds, messages, ...run }) => {
      const chance = (below: number): number => Math.floor(Math.random() * below);
      const lives = Array.from({ length: 4 * rounds }, () => ({ messages: chance(messages), pause: chance(50) }));
      return runServerKillLoop({ ...run, clients, lives });
    },
  },
  {
    name: 'kill-at-writes',
    says: 'kill -9 of the server at write after write and sync after sync, also within transactions',
    missing: missingTracer,
    run: killAtWrites,
  },
  {
    name: 'disk-errors',
    says: 'syncs and writes of the queue fail for a while',
    missing: missingTracer,
    run: diskErrors,
  },
  {
    name: 'database-killed',
    says: 'kill -9 of the PostgreSQL that keeps the queue, synced, under load',
    missing: () => missingService('postgres'),
    run: databaseKilled,
  },
];

/** Of the two, round by round, one call later: there are about five writes to a sync. */
const writeSteps = { fsync: 2, pwrite64: 7 } as const;
const firstWrite = 3;

async function killAtWrites({ rounds, messages: _, ...run }: FaultRun): Promise<Counts> {
  const { command = maddycFromSources } = run;
  // Parts and rows, and soon a checkpoint.
  const world = await FaultWorld.create({ ...run, clients, size: 20_000 });
  try {
    await world.start();
    const sent = world.send(Number.POSITIVE_INFINITY);
    await wait(100);
    await world.stop();
    for (let round = 0; round < 2 * rounds; round++) {
      const call = round % 2 === 0 ? 'fsync' : 'pwrite64';
      const when = String(firstWrite + Math.floor(round / 2) * writeSteps[call]);
      const fault: SyscallFault = { call, does: 'signal=SIGKILL', when };
      await world.launch(underFault(fault, command)).ended();
    }
    await world.start();
    await wait(100);
    world.rest();
    await sent;
    return await world.settled();
  } finally {
    await world.close();
  }
}

async function diskErrors({ messages, rounds, ...run }: FaultRun): Promise<Counts> {
  const { command = maddycFromSources } = run;
  const world = await FaultWorld.create({ ...run, clients });
  const when = `12..${12 + 10 * rounds}`;
  const faults: readonly SyscallFault[] = [
    { call: 'fsync', does: 'error=EIO', when },
    { call: 'pwrite64', does: 'error=ENOSPC', when },
  ];
  try {
    for (const fault of faults) {
      await world.start(underFault(fault, command));
      await world.send(Math.ceil(messages / faults.length));
      await world.settled();
      await world.stop();
    }
    await world.start();
    return await world.settled();
  } finally {
    await world.close();
  }
}

async function databaseKilled({ messages, rounds, ...run }: FaultRun): Promise<Counts> {
  const postgres = await startService('postgres', { PG_DURABLE: '1' });
  const world = await FaultWorld.create({ ...run, clients, store: postgresUrl(postgres.env) });
  try {
    await world.start();
    const sent = world.send(messages);
    for (let round = 0; round < rounds; round++) {
      const enough = (messages * (round + 1)) / (rounds + 1) / 2;
      while (world.ledger.accepted < enough) await wait(5);
      await killDatabase(postgres);
    }
    await sent;
    return await world.settled();
  } finally {
    await world.close();
    await postgres.dispose();
  }
}

/** It starts again when all of its processes have seen that the first one is gone. */
async function killDatabase(postgres: Service): Promise<void> {
  process.kill(Number(postgres.env.PG_PID), 'SIGKILL');
  for (let attempt = 1; ; attempt++) {
    await wait(300);
    try {
      await postgres.start();
      return;
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
}
