import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Endpoint } from '../../compiler/catalog/values/endpoint.ts';

/** Nobody that is asked here has more to say. */
const mostBytes = 65_536;

/** Why a conversation came to nothing; `code` is the system's, or what happened. */
export class ConnectionTrouble extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A conversation in lines with a server, for as long as the time allows. */
export class LineConnection {
  readonly #socket: Socket;
  readonly #lines: string[] = [];
  #open = '';
  #received = 0;
  #ended: ConnectionTrouble | null = null;
  #wake: () => void = () => {};

  private constructor(socket: Socket, timeout: number) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.setTimeout(timeout, () => this.#end(new ConnectionTrouble('ETIMEDOUT', 'no answer')));
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#end(new ConnectionTrouble(error.code ?? 'ERROR', error.message)),
    );
    socket.on('close', () => this.#end(new ConnectionTrouble('EOF', 'it closed the connection')));
  }

  /** Throws ConnectionTrouble when nobody is there in time (milliseconds). */
  static async open(endpoint: Endpoint, timeout: number): Promise<LineConnection> {
    const where =
      endpoint.network === 'unix' ? { path: endpoint.path } : { host: endpoint.host, port: Number(endpoint.port) };
    // Who it is matters for mail, not for whether it is there.
    const socket = endpoint.tls ? connectTls({ ...where, rejectUnauthorized: false }) : connectPlain(where);
    const connection = new LineConnection(socket, timeout);
    let isConnected = false;
    socket.once(endpoint.tls ? 'secureConnect' : 'connect', () => {
      isConnected = true;
      connection.#wake();
    });
    while (!isConnected) await connection.#change();
    return connection;
  }

  /** The next line without its end. Throws ConnectionTrouble. */
  async line(): Promise<string> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) return line;
      await this.#change();
    }
  }

  /** The last line of a reply of SMTP or LMTP. */
  async reply(): Promise<string> {
    for (;;) {
      const line = await this.line();
      if (!/^\d{3}-/.test(line)) return line;
    }
  }

  async say(command: string): Promise<string> {
    this.write(`${command}\r\n`);
    return this.reply();
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text.length;
    if (this.#received > mostBytes) {
      this.#end(new ConnectionTrouble('EMSGSIZE', 'it says too much'));
      return;
    }
    const lines = (this.#open + text).split('\n');
    this.#open = lines.pop() ?? '';
    this.#lines.push(...lines.map((line) => line.replace(/\r$/, '')));
    this.#wake();
  }

  #end(trouble: ConnectionTrouble): void {
    this.#ended ??= trouble;
    this.#socket.destroy();
    this.#wake();
  }

  /** Waits until something happens that somebody waits for. */
  async #change(): Promise<void> {
    if (this.#ended !== null) throw this.#ended;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (this.#ended !== null && this.#lines.length === 0) throw this.#ended;
  }
}
