import { connect, type LookupFunction, type Socket } from 'node:net';
import type { EndpointAddress } from '../net/endpoint-address.ts';
import { untilConnected } from '../net/until-connected.ts';
import { reasonOf } from '../reason-of.ts';
import { type Packet, PacketReader, writePacket } from './packet.ts';

/** Milliseconds each: to connect, to send, until an answer. */
const longestWait = 10_000;
/** What one milter may say about one message, changes included. */
const mostAnswers = 10_000;

/** Milters say that they are at work (SMFIR_PROGRESS) instead of an answer. */
const progress = 'p';

interface Waiter {
  readonly resolve: (packet: Packet) => void;
  readonly reject: (error: Error) => void;
}

export interface MilterPlace {
  readonly address: EndpointAddress;
  /** How its name is found; as this system does it when absent. */
  readonly lookup?: LookupFunction;
}

/** A connection to a milter: one command at a time, each with its time. */
export class MilterConnection {
  readonly #socket: Socket;
  readonly #reader = new PacketReader();
  readonly #packets: Packet[] = [];
  #waiter: Waiter | null = null;
  #failure: Error | null = null;
  #answers = 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the milter has closed the connection')));
  }

  static async open({ address, lookup }: MilterPlace): Promise<MilterConnection> {
    const socket =
      address.kind === 'unix'
        ? connect({ path: address.path })
        : connect({ host: address.host, port: address.port, noDelay: true, ...(lookup && { lookup }) });
    await untilConnected(socket, longestWait, 'connecting to the milter takes too long');
    return new MilterConnection(socket);
  }

  /** Resolves when the milter has room for more. */
  async send(code: string, data?: Buffer): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (this.#socket.write(writePacket(code, data))) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => this.#fail(new Error('the milter takes nothing more')), longestWait);
    this.#socket.once('drain', resolve);
    this.#socket.once('close', () => reject(this.#failure ?? new Error('the milter has closed the connection')));
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The next answer; a milter that reports progress gets more time. */
  async answer(): Promise<Packet> {
    const ready = this.#packets.shift();
    if (ready !== undefined) return ready;
    if (this.#failure !== null) throw this.#failure;
    const { promise, resolve, reject } = Promise.withResolvers<Packet>();
    this.#waiter = { resolve, reject };
    this.#wait();
    try {
      return await promise;
    } finally {
      clearTimeout(this.#timer);
    }
  }

  /** Says goodbye; never throws. */
  end(): void {
    if (this.#failure !== null) return;
    this.#socket.end(Buffer.concat([writePacket('A'), writePacket('Q')]));
    this.#failure = new Error('the dialogue with the milter has ended');
    // A milter that does not close its side must not keep the socket.
    this.#socket.setTimeout(longestWait, () => this.#socket.destroy());
    this.#socket.unref();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(new Error('the milter does not answer')), longestWait);
  }

  #receive(bytes: Buffer): void {
    if (this.#failure !== null) return;
    try {
      for (const packet of this.#reader.receive(bytes)) this.#take(packet);
    } catch (error) {
      this.#fail(new Error(reasonOf(error)));
    }
  }

  #take(packet: Packet): void {
    if (++this.#answers > mostAnswers) throw new Error('the milter says too much about one message');
    const waiter = this.#waiter;
    if (packet.code === progress) {
      if (waiter !== null) this.#wait();
    } else if (waiter === null) {
      this.#packets.push(packet);
    } else {
      this.#waiter = null;
      waiter.resolve(packet);
    }
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#socket.destroy();
    this.#waiter?.reject(error);
    this.#waiter = null;
  }
}
