import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type SecureContext, TLSSocket } from 'node:tls';

export interface SinkScript {
  readonly proto: 'smtp' | 'lmtp';
  /** Lines of the EHLO reply behind the name of the server. */
  readonly ext?: readonly string[];
  /**
   * The first rule whose `to` begins the command line wins. `<connect>` is the greeting, `<data>` the final dot,
   * `<data> RCPT` the reply for one recipient on LMTP. Replies `<close>` and `<silence>` say nothing.
   */
  readonly replies?: readonly { readonly to: string; readonly reply: string }[];
  /** Asked before the rules, for what changes with time; also for `<content>`, the first piece of a message. Null: as usual. */
  readonly mood?: (to: string) => Mood | null;
  /** Certificate for STARTTLS, which is to be among `ext`, or for TLS from the first byte. */
  readonly tls?: { readonly secureContext: SecureContext; readonly implicit: boolean };
  /** Told of everything in the order in which it comes, over all connections. */
  readonly onEvent?: (session: SinkSession, event: SinkEvent) => void;
}

/** How a server behaves at one moment. */
export interface Mood {
  /** As in the rules; the usual one when absent. */
  readonly reply?: string;
  /** Milliseconds before it. */
  readonly after?: number;
  /** Milliseconds between its bytes. */
  readonly trickle?: number;
}

export type SinkEvent =
  | { readonly kind: 'command'; readonly line: string }
  /** The whole content has come. `taken`: recipients for whom the server does not refuse it. */
  | { readonly kind: 'message'; readonly text: string; readonly taken: readonly string[] };

/** What came over one connection. */
export interface SinkSession {
  /** Address of the client; empty on a unix socket. */
  readonly from: string;
  /** Command lines, without RSET and QUIT at the end. */
  readonly commands: string[];
  /** Messages as received, dots removed. */
  readonly messages: string[];
  ended: boolean;
}

const defaultExtensions = ['PIPELINING', '8BITMIME', 'ENHANCEDSTATUSCODES', 'SMTPUTF8', 'SIZE 33554432'];

/** A scripted SMTP or LMTP server (runtime-core 0.3), in this process. */
export class Sink {
  readonly sessions: SinkSession[] = [];
  readonly #script: SinkScript;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(script: SinkScript) {
    this.#script = script;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  static async listen(
    script: SinkScript,
    where: { readonly path: string } | { readonly port: number; readonly host?: string } = { port: 0 },
  ): Promise<Sink> {
    const sink = new Sink(script);
    sink.#server.listen('path' in where ? where : { host: '127.0.0.1', ...where });
    await once(sink.#server, 'listening');
    return sink;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the sink has no port');
    return address.port;
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Ends all connections. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    const session: SinkSession = { from: socket.remoteAddress ?? '', commands: [], messages: [], ended: false };
    this.sessions.push(session);
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      session.ended = true;
    });
    const { tls } = this.#script;
    this.#serve(tls?.implicit ? secured(socket, tls.secureContext) : socket, session, true);
  }

  #serve(socket: Socket, session: SinkSession, isNew: boolean): void {
    const { proto } = this.#script;
    const moodOf = (key: string, usual: string): Mood & { readonly reply: string } => {
      const rule = this.#script.replies?.find(({ to }) => key.toLowerCase().startsWith(to.toLowerCase()));
      return { reply: rule?.reply ?? usual, ...this.#script.mood?.(key) };
    };
    const tell = speaker(socket);
    const say = (key: string, usual: string): string => {
      const mood = moodOf(key, usual);
      tell(mood);
      return mood.reply;
    };
    let input = '';
    let recipients: string[] = [];
    let inData = false;
    let contentBegan = false;
    const command = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb !== 'QUIT' && verb !== 'RSET') {
        session.commands.push(line);
        this.#script.onEvent?.(session, { kind: 'command', line });
      }
      if (verb === 'EHLO' || verb === 'LHLO') {
        const lines = ['sink.test', ...(this.#script.ext ?? defaultExtensions)];
        say(line, lines.map((text, at) => `250${at === lines.length - 1 ? ' ' : '-'}${text}`).join('\r\n'));
      } else if (verb === 'STAR' && this.#script.tls) {
        say(line, '220 2.0.0 Go');
        socket.removeAllListeners('data');
        this.#serve(secured(socket, this.#script.tls.secureContext), session, false);
      } else if (verb === 'MAIL') say(line, '250 2.1.0 Ok');
      else if (verb === 'RCPT') {
        if (say(line, '250 2.1.5 Ok').startsWith('2'))
          recipients.push(line.slice(line.indexOf('<') + 1, line.indexOf('>')));
      } else if (verb === 'DATA') inData = say(line, '354 Go').startsWith('354');
      else if (verb === 'QUIT') {
        say(line, '221 2.0.0 Bye');
        socket.end();
      } else {
        if (verb === 'RSET') recipients = [];
        say(line, '250 2.0.0 Ok');
      }
    };
    socket.on('data', (chunk) => {
      input += chunk.toString('utf8');
      if (inData && !contentBegan && this.#script.mood?.('<content>')?.reply === '<close>') {
        socket.destroy();
        return;
      }
      contentBegan = inData;
      for (;;) {
        if (inData) {
          const end = input.startsWith('.\r\n') ? 0 : input.indexOf('\r\n.\r\n') + 2;
          if (end === 1) return;
          const text = input.slice(0, end).replace(/^\./gm, '');
          session.messages.push(text);
          const moods =
            proto === 'smtp'
              ? [moodOf('<data>', '250 2.0.0 Accepted')]
              : recipients.map((recipient) => moodOf(`<data> ${recipient}`, `250 2.0.0 <${recipient}> Saved`));
          const taken = recipients.filter((_, at) => !/^[45]/.test((moods[at] ?? moods[0])?.reply ?? ''));
          this.#script.onEvent?.(session, { kind: 'message', text, taken });
          input = input.slice(end + 3);
          inData = false;
          for (const mood of moods) tell(mood);
          recipients = [];
        } else {
          const end = input.indexOf('\r\n');
          if (end === -1) return;
          const line = input.slice(0, end);
          input = input.slice(end + 2);
          command(line);
        }
      }
    });
    if (isNew) say('<connect>', `220 sink.test ${proto === 'lmtp' ? 'LMTP' : 'ESMTP'}`);
  }
}

/** Writes replies one after another, each as its mood wants it; at once as long as none takes its time. */
function speaker(socket: Socket): (mood: Mood & { readonly reply: string }) => void {
  let earlier: Promise<void> | null = null;
  const write = (reply: string): void => {
    if (reply === '<close>') socket.destroy();
    else if (reply !== '<silence>') socket.write(`${reply}\r\n`);
  };
  const writeSlowly = async ({ reply, after = 0, trickle }: Mood & { readonly reply: string }): Promise<void> => {
    await wait(after);
    if (trickle === undefined || reply.startsWith('<')) return write(reply);
    for (const byte of `${reply}\r\n`) {
      socket.write(byte);
      await wait(trickle);
    }
  };
  return (mood) => {
    if (earlier === null && mood.after === undefined && mood.trickle === undefined) write(mood.reply);
    else earlier = (earlier ?? Promise.resolve()).then(() => writeSlowly(mood));
  };
}

function secured(socket: Socket, secureContext: SecureContext): Socket {
  const secure = new TLSSocket(socket, { isServer: true, secureContext });
  secure.on('error', () => {});
  return secure;
}
