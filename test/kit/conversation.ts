import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** A client of a real server, line by line. */
export class Conversation {
  #socket: Socket | TLSSocket;
  #received = '';
  #waiting: (() => void) | null = null;
  #ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#attach(socket);
  }

  static async open(port: number): Promise<Conversation> {
    const socket = connect({ host: '127.0.0.1', port });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Conversation(socket);
  }

  #attach(socket: Socket): void {
    const wake = (): void => {
      this.#waiting?.();
      this.#waiting = null;
    };
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString();
      wake();
    });
    socket.on('close', () => {
      if (socket !== this.#socket) return;
      this.#ended = true;
      wake();
    });
  }

  /** The next reply, all of its lines; the last line alone without its line end. Empty when the server has closed. */
  async reply(): Promise<string> {
    for (;;) {
      const complete = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n/.exec(this.#received);
      if (complete !== null) {
        this.#received = this.#received.slice(complete[0].length);
        return complete[0].trimEnd().replaceAll('\r\n', '\n');
      }
      if (this.#ended) return '';
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  /** Sends lines and gives the reply to the last one. */
  async say(...lines: readonly string[]): Promise<string> {
    this.#socket.write(lines.map((line) => `${line}\r\n`).join(''));
    return this.reply();
  }

  async secure(): Promise<void> {
    this.#socket.removeAllListeners('data');
    const secured = connectTls({ socket: this.#socket, rejectUnauthorized: false });
    this.#socket = secured;
    this.#attach(secured);
    await new Promise((resolve, reject) => secured.once('secureConnect', resolve).once('error', reject));
  }

  close(): void {
    this.#socket.destroy();
  }
}
