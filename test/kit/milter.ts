import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Packet, PacketReader, writePacket } from '../../runtime/milter/packet.ts';

export interface MilterScript {
  /** Protocol flags that the milter asks for; default 0: every step, every answer. */
  readonly protocol?: number;
  readonly version?: number;
  readonly actions?: number;
  /** By the letter of the command; default `c`. Null: no answer. */
  readonly answers?: Readonly<Record<string, readonly Buffer[] | null>>;
}

const answered = new Set([...'CHMRLNBE']);

/** A milter that does what it is told, and remembers what it was sent: `M<a@x.test>` with `|` for NUL. */
export class ScriptedMilter {
  readonly packets: string[] = [];
  /** Connections that are open now. */
  open = 0;
  readonly #server: Server;
  readonly #script: MilterScript;

  private constructor(script: MilterScript) {
    this.#script = script;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(script: MilterScript = {}): Promise<ScriptedMilter> {
    const milter = new ScriptedMilter(script);
    milter.#server.listen(0, '127.0.0.1');
    await once(milter.#server, 'listening');
    return milter;
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the milter does not listen');
    return `tcp://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    const reader = new PacketReader();
    this.open++;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.open--);
    socket.on('data', (bytes) => {
      for (const packet of reader.receive(bytes)) this.#take(packet, socket);
    });
  }

  #take({ code, data }: Packet, socket: Socket): void {
    this.packets.push(
      code === 'O' ? `O${data.toString('hex')}` : `${code}${data.toString('latin1').replaceAll('\0', '|')}`,
    );
    const { version = 6, actions = 0x31, protocol = 0, answers = {} } = this.#script;
    const told = answers[code];
    if (told === null) return;
    if (told !== undefined) socket.write(Buffer.concat(told));
    else if (code === 'O') {
      const agreed = Buffer.alloc(12);
      for (const [at, number] of [version, actions, protocol].entries()) agreed.writeUInt32BE(number, at * 4);
      socket.write(writePacket('O', agreed));
    } else if (answered.has(code)) socket.write(writePacket('c'));
  }
}
