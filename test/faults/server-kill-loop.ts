import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../kit/free-port.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { Sink } from '../kit/sink.ts';
import { WireClient } from '../kit/wire-client.ts';

export interface ServerKillOptions {
  /** For configuration, queue and log of the server. */
  readonly directory: string;
  /** How each life ends by SIGKILL: so many milliseconds after so many more messages were accepted, however fast the machine is. */
  readonly lives: readonly { readonly messages: number; readonly pause: number }[];
  /** Clients that send at the same time, one message after another. */
  readonly clients: number;
  /** What is started; the sources unless something else is given. */
  readonly command?: readonly [string, ...string[]];
}

export interface ServerKillCounts {
  /** Messages that were answered 250. */
  readonly accepted: number;
  readonly delivered: number;
  readonly lost: readonly string[];
  /** Deliveries beyond the first of a message, as of a process that ended between delivery and note of it. */
  readonly doubled: number;
}

/** How long the last life may take to deliver all that is left. */
const patience = 60_000;

/**
 * A whole server with a queue between its clients and the next server, ended by SIGKILL life after life in the middle of its
 * sessions and deliveries. Whatever a client was told 250 for has to arrive.
 */
export async function runServerKillLoop(options: ServerKillOptions): Promise<ServerKillCounts> {
  const { directory, lives, clients, command } = options;
  const accepted = new Set<string>();
  const delivered = new Map<string, number>();
  const sink = await Sink.listen({
    proto: 'smtp',
    onEvent: (_, event) => {
      const number = event.kind === 'message' ? /^X-Number: (\S+)/m.exec(event.text)?.[1] : undefined;
      if (number !== undefined) delivered.set(number, (delivered.get(number) ?? 0) + 1);
    },
  });
  const port = await freePort();
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'maddy.conf');
  writeFileSync(path, configuration(directory, port, sink.port));
  const launch = async (): Promise<ServerProcess> => {
    const server = ServerProcess.launch(['-config', path, 'run'], command === undefined ? {} : { command });
    await server.logged(/^server started\t/m);
    return server;
  };
  const lost = (): string[] => [...accepted].filter((number) => !delivered.has(number));
  try {
    for (const [life, { messages, pause }] of lives.entries()) {
      const server = await launch();
      const sending = Array.from({ length: clients }, (_, client) =>
        sendUntilDead(port, `${life}-${client}`, accepted),
      );
      let anybodySends = true;
      const sent = Promise.all(sending).then(() => {
        anybodySends = false;
      });
      for (const enough = accepted.size + messages; accepted.size < enough && anybodySends; ) await wait(1);
      if (!anybodySends) throw new Error(`all clients stopped before the server was killed:\n${server.log}`);
      await wait(pause);
      server.signal('SIGKILL');
      await server.ended();
      await sent;
    }
    const last = await launch();
    for (const deadline = Date.now() + patience; lost().length > 0 && Date.now() < deadline; ) await wait(20);
    await last.stop();
    const doubled = [...delivered.values()].reduce((sum, count) => sum + count - 1, 0);
    return { accepted: accepted.size, delivered: delivered.size, lost: lost(), doubled };
  } finally {
    await sink.close();
  }
}

function configuration(directory: string, port: number, sinkPort: number): string {
  return `state_dir ${directory}/state
runtime_dir ${directory}/run
hostname mx.example.org
tls off
target.queue outbound {
    target smtp tcp://127.0.0.1:${sinkPort} {
        starttls no
    }
}
smtp tcp://127.0.0.1:${port} {
    deliver_to &outbound
}
`;
}

/** Sends message after message, and notes which were accepted, until the connection is lost. */
async function sendUntilDead(port: number, name: string, accepted: Set<string>): Promise<void> {
  const client = await WireClient.connect(port).catch(() => null);
  if (client === null) return;
  const isAnswered = async (...lines: readonly string[]): Promise<boolean> => /^[23]/.test(await client.say(...lines));
  try {
    if (!/^220/.test(await client.reply()) || !(await isAnswered('EHLO client.test'))) return;
    for (let at = 0; ; at++) {
      const number = `${name}-${at}`;
      for (const command of ['MAIL FROM:<a@x.test>', 'RCPT TO:<b@sink.test>', 'DATA']) {
        if (!(await isAnswered(command))) return;
      }
      if (!(await isAnswered(`X-Number: ${number}`, '', 'Hello.', '.'))) return;
      accepted.add(number);
    }
  } finally {
    client.destroy();
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
