import type { Socket } from 'node:net';
import { DirectInput } from '../net/direct-input.ts';
import { OutputTurn } from '../net/output-turn.ts';
import { unmapAddress } from '../net/peer.ts';
import { Connection, type ConnectionOptions, type HandshakeSource } from './connection.ts';
import { replies } from './replies.ts';
import { replyLine } from './reply-line.ts';
import { Roster } from './roster.ts';

/** Most connections at a time; 0 means no limit. */
export interface ConnectionCaps {
  readonly total: number;
  readonly perAddress: number;
}

export interface Ending {
  /** Milliseconds until sessions between messages are told to go. */
  readonly idleAfter: number;
  /** Milliseconds until all others are. */
  readonly allAfter: number;
}

/** How a stopping server ends its sessions (R9). */
export const stopEnding: Ending = { idleAfter: 2000, allAfter: 4200 };

const longestSweep = 5000;
const shortestSweep = 50;
/** How often sessions are asked whether they are idle, while the service ends. */
const endingStep = 50;
/** What the last words of sessions get before their sockets are taken from them. */
const lastWordsTime = 200;

/** All connections of one endpoint, from `accept` to the end. */
export class SmtpService {
  readonly #options: ConnectionOptions;
  readonly #caps: ConnectionCaps;
  readonly #connections = new Roster<Connection>();
  readonly #perAddress = new Map<string, number>();
  readonly #input = new DirectInput();
  readonly #turn = new OutputTurn(() => this.#connections.size);
  #sweep: NodeJS.Timeout | null = null;
  #whenEmpty: (() => void)[] = [];

  constructor(options: ConnectionOptions, caps: ConnectionCaps) {
    this.#options = options;
    this.#caps = caps;
  }

  get size(): number {
    return this.#connections.size;
  }

  accept(accepted: Socket, implicitTls: HandshakeSource | null): void {
    // TLS has its own way to read.
    const isClear = implicitTls === null && (this.#options.proxy?.tls ?? null) === null;
    const socket = isClear ? this.#input.takeOver(accepted) : accepted;
    const address = socket.remoteAddress === undefined ? '' : unmapAddress(socket.remoteAddress);
    if (this.#isFull(address)) {
      socket.on('error', () => socket.destroy());
      socket.end(implicitTls === null ? replyLine(replies.tooManyConnections) : '', () => socket.destroy());
      return;
    }
    this.#count(address, 1);
    this.#options.session.observer.connected();
    const connection = new Connection(
      this.#options,
      { socket, lendsInput: socket !== accepted, implicitTls },
      this.#turn,
      () => {
        leave();
        this.#count(address, -1);
        if (this.#connections.size === 0) this.#emptied();
      },
    );
    const leave = this.#connections.add(connection);
    this.#sweep ??= this.#startSweep();
  }

  /**
   * No new connections come any more; resolves when the last one has ended, at the latest after `allAfter`. A second call with
   * shorter times hurries the first one.
   */
  async end({ idleAfter, allAfter }: Ending): Promise<void> {
    if (this.#connections.size === 0) return;
    const empty = new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
    const start = this.#options.session.now();
    const step = setInterval(() => {
      const passed = this.#options.session.now() - start;
      for (const connection of this.#connections.members()) {
        if (passed >= allAfter + lastWordsTime || connection.endedFor > lastWordsTime) connection.destroy();
        else if (passed >= allAfter || (passed >= idleAfter && connection.isIdle)) {
          connection.shutDown(replies.shuttingDown);
        }
      }
    }, endingStep);
    await empty;
    clearInterval(step);
  }

  #isFull(address: string): boolean {
    const { total, perAddress } = this.#caps;
    if (total > 0 && this.#connections.size >= total) return true;
    return perAddress > 0 && address !== '' && (this.#perAddress.get(address) ?? 0) >= perAddress;
  }

  #count(address: string, change: number): void {
    if (this.#caps.perAddress === 0) return;
    const count = (this.#perAddress.get(address) ?? 0) + change;
    if (count === 0) this.#perAddress.delete(address);
    else this.#perAddress.set(address, count);
  }

  #startSweep(): NodeJS.Timeout {
    const { readTimeout, writeTimeout, session } = this.#options;
    const step = Math.min(longestSweep, Math.max(shortestSweep, Math.min(readTimeout, writeTimeout) / 4));
    // One timer for all: a timer for each connection costs more memory than the connection's own objects.
    const sweep = setInterval(() => {
      const now = session.now();
      for (const connection of this.#connections.members()) connection.checkTimes(now);
    }, step);
    return sweep.unref();
  }

  #emptied(): void {
    if (this.#sweep !== null) clearInterval(this.#sweep);
    this.#sweep = null;
    for (const tell of this.#whenEmpty.splice(0)) tell();
  }
}
