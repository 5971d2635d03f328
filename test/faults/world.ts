import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openQueueAdmin } from '../../runtime/queue/open-store.ts';
import type { QueuePlace } from '../../runtime/queue/settings.ts';
import { freePort } from '../kit/free-port.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { type Mood, Sink } from '../kit/sink.ts';
import { type Counts, Ledger } from './ledger.ts';
import { Sender } from './sender.ts';

export interface WorldOptions {
  /** For configuration, queue and log of the server. */
  readonly directory: string;
  readonly clients: number;
  /** Bytes of a message's body. */
  readonly size?: number;
  readonly maxTries?: number;
  /** For which the server waits for the next one; `5s` when absent. */
  readonly timeout?: string;
  /** Of the queue; none when absent. */
  readonly postInitDelay?: string;
  /** URL of the database that keeps the queue. */
  readonly store?: string;
  /** Sends by MX records instead of to a fixed server: directives of `target.remote`, and who answers DNS. */
  readonly remote?: { readonly directives: string; readonly resolver: string };
  /** What is started; the sources unless something else is given. */
  readonly command?: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

/** Where the next server listens, so that MX records can name it. */
export const nextHost = '127.0.0.2';

/** How long all that was accepted may take to come to its end (ms). */
const patience = 90_000;

/**
 * A whole `maddyc run` with a queue, clients before it, behind it the next server with its moods, and one that gets the bounces: recipients
 * whose name begins with `bad` do not exist there.
 */
export class FaultWorld {
  readonly ledger: Ledger;
  readonly port: number;
  readonly #options: WorldOptions;
  readonly #sinks: readonly Sink[];
  readonly #configuration: string;
  readonly #mxPort: number;
  readonly #setMood: (mood: (to: string) => Mood | null) => void;
  readonly #senders = new Set<Sender>();
  #messages = 0;
  #server: ServerProcess | null = null;

  private constructor(
    options: WorldOptions,
    ledger: Ledger,
    ports: { readonly own: number; readonly mx: number },
    sinks: readonly Sink[],
    setMood: (mood: (to: string) => Mood | null) => void,
  ) {
    this.ledger = ledger;
    this.port = ports.own;
    this.#mxPort = ports.mx;
    this.#options = options;
    this.#sinks = sinks;
    this.#setMood = setMood;
    this.#configuration = join(options.directory, 'maddy.conf');
  }

  /** The server is not started yet. */
  static async create(options: WorldOptions): Promise<FaultWorld> {
    const ledger = new Ledger();
    let mood: (to: string) => Mood | null = () => null;
    const replies = [{ to: 'RCPT TO:<bad', reply: '550 5.1.1 No such user' }];
    const { onEvent } = ledger;
    const next = await Sink.listen(
      { proto: 'smtp', replies, onEvent, mood: (to) => mood(to) },
      { host: nextHost, port: 0 },
    );
    const home = await Sink.listen({ proto: 'smtp', onEvent });
    const ports = { own: await freePort(), mx: next.port };
    const world = new FaultWorld(options, ledger, ports, [next, home], (changed) => {
      mood = changed;
    });
    mkdirSync(options.directory, { recursive: true });
    writeFileSync(world.#configuration, configurationOf(options, ports.own, next.port, home.port));
    return world;
  }

  /** How the next server behaves from now on; `null` as it should. */
  mood(mood: ((to: string) => Mood | null) | null): void {
    this.#setMood(mood ?? (() => null));
  }

  async start(command = this.#options.command): Promise<ServerProcess> {
    const server = this.launch(command);
    await server.logged(/^server started\t/m);
    return server;
  }

  launch(command = this.#options.command): ServerProcess {
    const { env = {}, remote } = this.#options;
    const debug =
      remote === undefined ? [] : [`-debug.dnsoverride=${remote.resolver}`, `-debug.smtpport=${this.#mxPort}`];
    const args = ['-config', this.#configuration, ...debug, 'run'];
    this.#server = ServerProcess.launch(args, command === undefined ? { env } : { env, command });
    return this.#server;
  }

  /** Messages for one recipient each, every fifth for one that does not exist. Clients try until each is accepted. */
  async send(messages: number): Promise<void> {
    const end = this.#messages + messages;
    const { clients } = this.#options;
    const sendSome = async (): Promise<void> => {
      const sender = this.sender();
      while (this.#messages < end) {
        const number = ++this.#messages;
        await sender.deliver([`${number % 5 === 0 ? 'bad' : 'good'}-${number}`]);
      }
      sender.close();
      this.#senders.delete(sender);
    };
    await Promise.all(Array.from({ length: clients }, sendSome));
  }

  /** One client. */
  sender(): Sender {
    const sender = new Sender(this.port, this.ledger, this.#options.size ?? 2000);
    this.#senders.add(sender);
    return sender;
  }

  /** Clients send nothing more after what they are at. */
  rest(): void {
    this.#messages = Number.POSITIVE_INFINITY;
  }

  /** Waits until nothing is queued any more, and nobody of the accepted waits. Counts what there is when it takes too long. */
  async settled(): Promise<Counts> {
    for (const deadline = Date.now() + patience; Date.now() < deadline; await wait(100)) {
      if (this.ledger.isSettled && (await this.queued().catch(() => null)) === 0) break;
    }
    return this.ledger.counts;
  }

  /** Messages in the queue of a server that runs. */
  async queued(): Promise<number> {
    const { store, directory } = this.#options;
    const place: QueuePlace =
      store === undefined
        ? { kind: 'directory', directory: join(directory, 'state', 'outbound') }
        : { kind: 'postgres', url: store, queue: 'outbound' };
    const admin = await openQueueAdmin(place);
    let count = 0;
    for await (const _ of admin?.entries() ?? []) count++;
    await admin?.close();
    return count;
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  async close(): Promise<void> {
    for (const sender of this.#senders) sender.close();
    await this.stop();
    for (const sink of this.#sinks) await sink.close();
  }
}

function configurationOf(options: WorldOptions, port: number, nextPort: number, homePort: number): string {
  const { directory, maxTries = 1000, timeout = '5s', postInitDelay = '0s', store, remote } = options;
  const times = `connect_timeout ${timeout}\n    command_timeout ${timeout}\n    submission_timeout ${timeout}`;
  const next = `targets tcp://${nextHost}:${nextPort}\n    starttls no`;
  return `state_dir ${directory}/state
runtime_dir ${directory}/run
hostname mx.maddy.test
autogenerated_msg_domain maddy.test
tls off
target.${remote === undefined ? 'smtp' : 'remote'} next {
    ${remote === undefined ? next : remote.directives}
    ${times}
}
target.smtp home {
    targets tcp://127.0.0.1:${homePort}
    starttls no
}
target.queue outbound {
    target &next
    max_tries ${maxTries}
    initial_retry_time 200ms
    retry_time_scale 1
    post_init_delay ${postInitDelay}
    ${store === undefined ? '' : `store ${store}`}
    bounce {
        deliver_to &home
    }
}
smtp tcp://127.0.0.1:${port} {
    deliver_to &outbound
}
`;
}
