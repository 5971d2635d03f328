import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Sink } from '../kit/sink.ts';
import type { FaultPoint } from './faulty-store.ts';
import { type Counts, Ledger } from './ledger.ts';

export interface KillLoopOptions {
  /** What the queue is kept in: a directory, or the URL of a database. */
  readonly place: string;
  readonly messages: number;
  /** Each round ends one process: at a point of the store's work, or after a time that chance chooses (ms). */
  readonly rounds: readonly (FaultPoint | { readonly after: number })[];
}

const nodeFile = join(import.meta.dirname, 'queue-node.ts');

/** A queue in a process of its own, and what it says. */
export class QueueNode {
  readonly #child: ChildProcess;
  readonly #lines: (line: string) => void;
  #wanted: { readonly line: string; readonly found: () => void } | null = null;
  readonly ended: Promise<unknown>;

  constructor(args: readonly string[], onLine: (line: string) => void) {
    this.#child = spawn(process.execPath, [nodeFile, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.ended = once(this.#child, 'close');
    this.#lines = onLine;
    if (this.#child.stdout === null) throw new Error('a child without output');
    createInterface(this.#child.stdout).on('line', (line) => {
      this.#lines(line);
      if (line === this.#wanted?.line) this.#wanted.found();
    });
  }

  /** Waits for a line that comes from now on; rejects when the process ends before. */
  async said(line: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#wanted = { line, found: resolve };
    void this.ended.then(() => reject(new Error(`the process ended before it said ${line}`)));
    await promise;
    this.#wanted = null;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/** A sink that refuses some and is busy for others, and the books about what it gets and what nodes accept. */
async function startCounting() {
  const ledger = new Ledger();
  const sink = await Sink.listen({
    proto: 'smtp',
    replies: [
      { to: 'RCPT TO:<bad', reply: '550 5.1.1 No such user' },
      { to: 'RCPT TO:<busy', reply: '450 4.2.1 Mailbox busy' },
    ],
    onEvent: ledger.onEvent,
  });
  const onLine = (line: string): void => {
    const [word, ...recipients] = line.split(' ');
    if (word === 'accepted') for (const recipient of recipients) ledger.accept(recipient);
  };
  return { ledger, sink, onLine };
}

/** Three nodes share a queue, one is killed in the middle of its deliveries; `disturb` happens meanwhile. Counts when all is done. */
export async function runThreeNodes(url: string, messages: number, disturb: () => Promise<void>): Promise<Counts> {
  const { ledger, sink, onLine } = await startCounting();
  const start = (name: string, ...fault: readonly string[]): QueueNode =>
    new QueueNode([url, String(sink.port), name, String(messages), ...fault], onLine);
  const victim = start('a', 'remove begins', '20');
  const others = [start('b'), start('c')];
  try {
    const sent = others.map((node) => node.said('sent'));
    await victim.ended;
    await disturb();
    await Promise.all(sent);
    await others[0]?.said('empty');
    return ledger.counts;
  } finally {
    for (const node of others) node.kill('SIGTERM');
    await Promise.all(others.map((node) => node.ended));
    await sink.close();
  }
}

/** Ends process after process at the worst moments, lets the last one finish, and counts. */
export async function runKillLoop({ place, messages, rounds }: KillLoopOptions): Promise<Counts> {
  const { ledger, sink, onLine } = await startCounting();
  try {
    for (const [at, round] of rounds.entries()) {
      const args = [place, String(sink.port), `r${at}`, String(messages)];
      if (typeof round === 'string') {
        const node = new QueueNode([...args, round, String(1 + (at % 5))], onLine);
        // A point that is not reached, such as a retry when nothing was left over, ends with the work.
        await Promise.race([node.ended, node.said('empty').catch(() => {})]);
        node.kill('SIGKILL');
        await node.ended;
      } else {
        const node = new QueueNode(args, onLine);
        await node.said('ready');
        await new Promise((resolve) => setTimeout(resolve, round.after));
        node.kill('SIGKILL');
        await node.ended;
      }
    }
    const last = new QueueNode([place, String(sink.port), 'last', '0'], onLine);
    await last.said('empty');
    last.kill('SIGTERM');
    await last.ended;
    return ledger.counts;
  } finally {
    await sink.close();
  }
}
