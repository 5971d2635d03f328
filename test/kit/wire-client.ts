import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A client that reads lines, on a TCP port of this machine or on a socket file. */
export class WireClient {
  #socket: Socket;
  #input = '';
  #closed = false;
  #woken: () => void = () => {};
  readonly #lineEnd: string;

  private constructor(socket: Socket, lineEnd: string) {
    this.#socket = socket;
    this.#lineEnd = lineEnd;
    this.#attach(socket);
  }

  /** `lineEnd` LF: for protocols whose lines end so; a CR before it is left out. */
  static async connect(
    where: number | string,
    localAddress = '127.0.0.1',
    lineEnd: '\r\n' | '\n' = '\r\n',
  ): Promise<WireClient> {
    const socket =
      typeof where === 'string' ? connect({ path: where }) : connect({ port: where, host: '127.0.0.1', localAddress });
    // The greeting may come with the connection.
    const client = new WireClient(socket, lineEnd);
    await once(socket, 'connect');
    return client;
  }

  send(text: string | Buffer): void {
    this.#socket.write(text);
  }

  /** This end of the connection while it is open, as the server sees it. */
  get localEndpoint(): string {
    return `${this.#socket.localAddress}:${this.#socket.localPort}`;
  }

  halfClose(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** The next line; `<closed>` when the server has closed. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#input.indexOf(this.#lineEnd);
      if (end !== -1) {
        const line = this.#input.slice(0, end);
        this.#input = this.#input.slice(end + this.#lineEnd.length);
        return line.replace(/\r$/, '');
      }
      if (this.#closed) return '<closed>';
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#woken = resolve;
      await promise;
    }
  }

  async lines(count: number): Promise<string[]> {
    const lines: string[] = [];
    while (lines.length < count) lines.push(await this.line());
    return lines;
  }

  /** Sends a line and reads one. */
  async ask(command: string): Promise<string> {
    this.send(`${command}\r\n`);
    return this.line();
  }

  /** Sends lines and reads one whole reply, its lines joined by LF. */
  async say(...lines: readonly string[]): Promise<string> {
    this.send(lines.map((line) => `${line}\r\n`).join(''));
    return this.reply();
  }

  /** One whole reply, its lines joined by LF. */
  async reply(): Promise<string> {
    const lines: string[] = [];
    do lines.push(await this.line());
    while (lines.at(-1)?.[3] === '-');
    return lines.join('\n');
  }

  /** The handshake, whatever the certificate. */
  async startTls(): Promise<void> {
    const plain = this.#socket;
    plain.removeAllListeners();
    const secured = connectTls({ socket: plain, rejectUnauthorized: false });
    await once(secured, 'secureConnect');
    this.#socket = secured;
    this.#attach(secured);
  }

  #attach(socket: Socket): void {
    const gone = (): void => {
      this.#closed = true;
      this.#woken();
    };
    socket.on('data', (chunk: Buffer) => {
      this.#input += chunk.toString('utf8');
      this.#woken();
    });
    socket.on('error', gone);
    socket.on('end', gone);
    socket.on('close', gone);
  }
}
