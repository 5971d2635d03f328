import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { reasonOf } from '../reason-of.ts';
import type { NameServer } from './name-servers.ts';
import { type Query, type Response, readResponse } from './query.ts';

export interface ExchangeOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** Things to end when the resolver closes. */
  readonly open: Set<() => void>;
}

/** After so many answers that are none somebody is guessing ids: TCP cannot be answered from outside. */
const mostStrays = 16;

/**
 * One query over UDP, from a port of its own that the system chose at random (RFC 5452 section 9.2). Only datagrams from the
 * server's address reach it. Throws when no answer comes in time.
 */
export function askByUdp(server: NameServer, query: Query, options: ExchangeOptions): Promise<Response> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
    let strays = 0;
    const settle = endOnce(options, () => socket.close(), reject);
    socket.on('error', (error) => settle(() => reject(error)));
    socket.on('message', (bytes) => {
      const response = readResponse(bytes, query);
      if (response !== null) settle(() => resolve(response));
      else if (++strays >= mostStrays) settle(() => reject(new Error('answers to other questions')));
    });
    socket.connect(server.port, server.address, () => {
      if (!settle.isDone()) socket.send(query.bytes);
    });
  });
}

/** One query over one TCP connection (RFC 7766). */
export function askByTcp(server: NameServer, query: Query, options: ExchangeOptions): Promise<Response> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.address, port: server.port });
    const settle = endOnce(options, () => socket.destroy(), reject);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.bytes.length);
    socket.write(Buffer.concat([length, query.bytes]));
    const chunks: Buffer[] = [];
    let received = 0;
    socket.on('error', (error) => settle(() => reject(error)));
    socket.on('close', () => settle(() => reject(new Error('closed without an answer'))));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      received += chunk.length;
      if (received < 2) return;
      const [first = chunk] = chunks;
      const head = first.length >= 2 ? first : Buffer.concat(chunks);
      const expected = 2 + head.readUInt16BE(0);
      if (received < expected) return;
      const response = readResponse(Buffer.concat(chunks).subarray(2, expected), query);
      settle(() => (response === null ? reject(new Error('an answer that cannot be read')) : resolve(response)));
    });
  });
}

interface Settling {
  (outcome: () => void): void;
  isDone(): boolean;
}

/** Exactly one outcome, after which the socket is closed and the clock stopped. */
function endOnce(options: ExchangeOptions, close: () => void, reject: (error: Error) => void): Settling {
  let done = false;
  const settle = (outcome: () => void): void => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    options.open.delete(abort);
    try {
      close();
    } catch (error) {
      reject(new Error(reasonOf(error)));
    }
    outcome();
  };
  const abort = (): void => settle(() => reject(new Error('the resolver was closed')));
  const timer = setTimeout(() => settle(() => reject(new Error('no answer in time'))), options.timeout);
  options.open.add(abort);
  return Object.assign(settle, { isDone: () => done });
}
