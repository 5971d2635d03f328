/**
 * What Node's sockets alone reach: passes messages on to LMTP without looking at them. No mail server: one recipient a message,
 * no refusals, nothing checked. Everything over its CPU time is ours.
 *
 *   node bench/smtp-floor.ts LMTP-SOCKET     prints its port, serves until it is killed
 */
import { connect, createServer, type Socket } from 'node:net';

const [, , socketPath] = process.argv;
if (socketPath === undefined) throw new Error('usage: smtp-floor.ts LMTP-SOCKET');
const received = 'Received: from x by y with ESMTP id 0123456789; Mon, 1 Jan 2026 00:00:00 +0000\r\n';

type OnReply = (line: string) => void;

/** A connection to the LMTP server; replies go to who asked, in order. */
class Downstream {
  readonly #socket: Socket;
  readonly #waiting: OnReply[] = [ignore, ignore];
  #text = '';

  constructor(path: string) {
    this.#socket = connect(path);
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => this.#receive(text));
    this.#socket.on('error', ignore);
    this.#socket.write('LHLO floor.test\r\n');
  }

  ask(commands: string, ...replies: readonly OnReply[]): void {
    this.#waiting.push(...replies);
    this.#socket.write(commands);
  }

  send(content: readonly Buffer[], reply: OnReply): void {
    this.#waiting.push(reply);
    this.#socket.cork();
    this.#socket.write(received);
    for (const chunk of content) this.#socket.write(chunk);
    this.#socket.uncork();
  }

  #receive(text: string): void {
    this.#text += text;
    for (let end = this.#text.indexOf('\n'); end !== -1; end = this.#text.indexOf('\n')) {
      const line = this.#text.slice(0, end + 1);
      this.#text = this.#text.slice(end + 1);
      if (line[3] !== '-') this.#waiting.shift()?.(line);
    }
  }
}

function ignore(): void {}

const idle: Downstream[] = [];

function serve(client: Socket, path: string): void {
  let content: Buffer[] | null = null;
  let sender = '';
  let downstream: Downstream | null = null;

  const command = (line: string): void => {
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO':
        client.write('250-floor.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n');
        return;
      case 'MAIL':
        sender = line;
        client.write('250 2.0.0 OK\r\n');
        return;
      case 'RCPT':
        downstream = idle.pop() ?? new Downstream(path);
        downstream.ask(`${sender}\r\n${line}\r\n`, ignore, (reply) => client.write(reply));
        return;
      case 'DATA':
        client.write('354 Go ahead\r\n');
        content = [];
        return;
      case 'QUIT':
        client.end('221 2.0.0 Bye\r\n');
        return;
      default:
        client.write('250 2.0.0 OK\r\n');
    }
  };

  const finish = (message: readonly Buffer[]): void => {
    const server = downstream;
    downstream = null;
    server?.ask('DATA\r\n', () => {
      server.send(message, (reply) => {
        client.write(reply);
        idle.push(server);
      });
    });
  };

  client.on('error', ignore);
  client.write('220 floor.test ESMTP\r\n');
  client.on('data', (chunk) => {
    if (content === null) {
      for (const line of chunk.toString('latin1').split('\r\n')) if (line !== '') command(line);
      return;
    }
    content.push(chunk);
    if (!endsWithDot(chunk)) return;
    const message = content;
    content = null;
    finish(message);
  });
}

/** Good enough for the generator, whose last chunk is never shorter than this. */
function endsWithDot(chunk: Buffer): boolean {
  return chunk.length >= 3 && chunk.at(-3) === 0x2e && chunk.at(-1) === 0x0a;
}

const server = createServer({ noDelay: true }, (client) => serve(client, socketPath));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
