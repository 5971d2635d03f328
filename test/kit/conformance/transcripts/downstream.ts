import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Sink, type SinkSession } from '../../sink.ts';
import { patternOf } from './placeholders.ts';
import type { RecordedDelivery, RecordedSink, RecordedSinkRule } from './recorded.ts';

interface Delivered {
  readonly sink: string;
  readonly commands: string[];
  message: readonly string[];
}

/** The scripted servers of one case, and what they saw. */
export class Downstream {
  readonly #delivered: Delivered[] = [];
  readonly #servers: { close(): Promise<void> }[] = [];

  async open(sinks: Readonly<Record<string, RecordedSink>>, port: (name: string) => number): Promise<void> {
    for (const [name, script] of Object.entries(sinks)) {
      if (script.proto === 'dovecot-auth') this.#servers.push(await AuthSink.listen(script, port(name)));
      else this.#servers.push(await this.#mailSink(name, { ...script, proto: script.proto }, port(name)));
    }
  }

  /**
   * A recorded connection has one message. Ours may be used again: each transaction is told as if it had a connection of its own.
   */
  #mailSink(name: string, script: RecordedSink & { readonly proto: 'smtp' | 'lmtp' }, port: number): Promise<Sink> {
    const running = new Map<SinkSession, Delivered>();
    const replies = (script.replies ?? []).map(({ to = '', reply }) => ({ to, reply }));
    const begin = (session: SinkSession, hello: readonly string[]): Delivered => {
      const connection: Delivered = { sink: name, commands: [...hello], message: [] };
      this.#delivered.push(connection);
      running.set(session, connection);
      return connection;
    };
    return Sink.listen(
      {
        proto: script.proto,
        ...(script.ext === undefined ? {} : { ext: script.ext }),
        replies,
        onEvent: (session, event) => {
          const now = running.get(session) ?? begin(session, []);
          const mailAt = now.commands.findIndex((line) => /^MAIL/i.test(line));
          if (event.kind === 'message') now.message = unfoldedLines(event.text);
          else if (mailAt === -1 || !/^MAIL/i.test(event.line)) now.commands.push(event.line);
          else begin(session, now.commands.slice(0, mailAt)).commands.push(event.line);
        },
      },
      { port },
    );
  }

  /** Null when it is what was recorded; the order counts at each server. */
  difference(recorded: readonly RecordedDelivery[], inAnyOrder: boolean): string | null {
    const left = [...this.#delivered];
    for (const expected of recorded) {
      const at = left.findIndex((actual) => fits(expected, actual));
      const first = left.findIndex(({ sink }) => sink === expected.sink);
      if (at === -1 || (at !== first && !inAnyOrder)) {
        return `delivered ${JSON.stringify(left[first] ?? null)} instead of ${JSON.stringify(expected)}`;
      }
      left.splice(at, 1);
    }
    return left.length === 0 ? null : `delivered too much: ${JSON.stringify(left)}`;
  }

  async close(): Promise<void> {
    for (const server of this.#servers) await server.close();
  }
}

function fits(expected: RecordedDelivery, actual: Delivered): boolean {
  return (
    expected.sink === actual.sink &&
    allFit(expected.commands, actual.commands) &&
    allFit(expected.message ?? [], actual.message)
  );
}

function allFit(expected: readonly string[], actual: readonly string[]): boolean {
  return expected.length === actual.length && expected.every((line, at) => patternOf(line).test(actual[at] ?? ''));
}

/** Trace fields without their folding, which placeholders would move. */
function unfoldedLines(message: string): readonly string[] {
  const end = message.indexOf('\r\n\r\n');
  const header = message
    .slice(0, end)
    .replace(/^(?:Received|Authentication-Results|DKIM-Signature):[^\r]*(?:\r\n[ \t][^\r]*)*/gim, (field) =>
      field.replaceAll('\r\n', ''),
    );
  return (header + message.slice(end)).replace(/\r\n$/, '').split('\r\n');
}

const usualGreeting = [
  'VERSION\t1\t1',
  'MECH\tPLAIN\tplaintext',
  'SPID\t1',
  'CUID\t1',
  `COOKIE\t${'0'.repeat(32)}`,
  'DONE',
];

/** A scripted Dovecot authentication server (runtime-core 0.3). */
class AuthSink {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen({ greeting = usualGreeting, replies = [] }: RecordedSink, port: number): Promise<AuthSink> {
    const server = createServer((socket) => {
      sink.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sink.#sockets.delete(socket));
      socket.write(greeting.map((line) => `${line}\n`).join(''));
      let input = '';
      socket.on('data', (chunk) => {
        const lines = (input + chunk.toString('utf8')).split('\n');
        input = lines.pop() ?? '';
        for (const line of lines) answer(socket, line, replies);
      });
    });
    const sink = new AuthSink(server);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return sink;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function answer(socket: Socket, line: string, rules: readonly RecordedSinkRule[]): void {
  const rule = rules.find(({ to, contains }) =>
    to === undefined ? contains !== undefined && line.includes(contains) : line.startsWith(to),
  );
  if (rule === undefined) return;
  if (rule.reply === '<close>') socket.destroy();
  else socket.write(`${rule.reply.replace('{id}', line.split('\t')[1] ?? '')}\n`);
}
