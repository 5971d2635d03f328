import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { getSystemErrorName } from 'node:util';
import type { OutputTurn } from './output-turn.ts';

/** What Node's streams ask of the handle of a connection in the clear. */
interface WritingHandle {
  /** Bytes that the kernel has not taken yet. */
  readonly writeQueueSize: number;
  /** 0, or the negative number of the error; nothing has been written then. */
  readonly writeUtf8String: (request: WriteRequest, text: string) => number;
  readonly writeBuffer: (request: WriteRequest, bytes: Buffer) => number;
}

/** Used only if the kernel does not take all at once; `oncomplete` is called in that case alone. */
interface WriteRequest {
  oncomplete: (status: number) => void;
  /** Keeps the bytes alive until then. */
  buffer: Buffer | null;
}

type Taken = () => void;

/**
 * Writes to a connection past Node's streams, the other half of `DirectInput`: for replies of a few bytes the stream costs more
 * than the kernel. Where many connections speak, it does so at the end of the turn. Where the stream has something to write
 * itself, in TLS, and with a Node that keeps its handles elsewhere, the stream writes as ever; the order stays, since all goes
 * through the queue of one handle. Who writes to the socket itself calls `flush` before.
 */
export class DirectOutput {
  readonly #socket: Socket;
  readonly #handle: WritingHandle | null;
  readonly #turn: OutputTurn;
  /** What the turn has brought so far. */
  #gathered: string | Buffer = '';
  #whenTaken: Taken | undefined = undefined;
  /** The kernel has not taken all of the last direct write. */
  #pending = false;
  /** Nobody has used it: a handle takes one for each write, and keeps it only if the kernel does not take all at once. */
  #spare: WriteRequest | null = null;

  /** The socket must be connected. */
  constructor(socket: Socket, turn: OutputTurn) {
    this.#socket = socket;
    this.#turn = turn;
    const handle: unknown =
      writeRequestClass === null || socket instanceof TLSSocket ? null : Reflect.get(socket, '_handle');
    this.#handle = isWritingHandle(handle) ? handle : null;
  }

  /** Bytes of earlier turns that the kernel has not taken yet. */
  get waiting(): number {
    return this.#socket.writableLength + (this.#pending && this.#handle !== null ? this.#handle.writeQueueSize : 0);
  }

  /** `taken` is called when the kernel has all of it. Errors come as those of the socket. */
  write(data: string | Buffer, taken?: Taken): void {
    if (data.length === 0 || this.#handle === null) {
      this.flush();
      this.#socket.write(data, taken);
    } else if (this.#gathered.length === 0) {
      if (this.#turn.isShared) {
        this.#turn.add(this);
        this.#gather(data, taken);
      } else this.#hand(data, taken);
    } else if (typeof data === 'string' && typeof this.#gathered === 'string' && this.#whenTaken === undefined) {
      this.#gather(this.#gathered + data, taken);
    } else {
      // The turn knows this output already.
      this.flush();
      this.#gather(data, taken);
    }
  }

  /** Hands over what has been gathered, now. */
  flush(): void {
    const data = this.#gathered;
    if (data.length === 0) return;
    const taken = this.#whenTaken;
    this.#gather('', undefined);
    this.#hand(data, taken);
  }

  #gather(data: string | Buffer, taken: Taken | undefined): void {
    this.#gathered = data;
    this.#whenTaken = taken;
  }

  #hand(data: string | Buffer, taken: Taken | undefined): void {
    const socket = this.#socket;
    const handle = this.#handle;
    if (socket.destroyed) return;
    if (
      handle === null ||
      writeRequestClass === null ||
      this.#pending ||
      socket.writableLength > 0 ||
      !socket.writable
    ) {
      socket.write(data, taken);
      return;
    }
    const request = this.#spare ?? new writeRequestClass();
    this.#spare = null;
    const isText = typeof data === 'string';
    const status = isText ? handle.writeUtf8String(request, data) : handle.writeBuffer(request, data);
    if (status !== 0) {
      // The stream meets the same error and does what is to be done.
      socket.write(data, taken);
    } else if (handle.writeQueueSize === 0) {
      this.#spare = request;
      taken?.();
    } else {
      this.#pending = true;
      if (!isText) request.buffer = data;
      request.oncomplete = (failure) => this.#completed(failure, taken);
    }
  }

  #completed(status: number, taken: Taken | undefined): void {
    this.#pending = false;
    const socket = this.#socket;
    if (status === 0) taken?.();
    else if (!socket.destroyed) {
      const code = getSystemErrorName(status);
      socket.destroy(Object.assign(new Error(`write ${code}`), { code, errno: status, syscall: 'write' }));
    }
  }
}

/**
 * The class of the requests that Node hands to its handles. No module exports it, and a handle crashes on anything else, so it is
 * what a socket gives a handle that writes nowhere; null where sockets work differently.
 */
const writeRequestClass = findWriteRequestClass();

function findWriteRequestClass(): (new () => WriteRequest) | null {
  let found: (new () => WriteRequest) | null = null;
  const handle = {
    writeUtf8String: (request: object): number => {
      found = Reflect.get(request, 'constructor');
      return 0;
    },
  };
  try {
    const socket: Socket = Reflect.construct(Socket, [{ handle, manualStart: true }]);
    socket.write(' ');
  } catch {
    return null;
  }
  return found;
}

function isWritingHandle(handle: unknown): handle is WritingHandle {
  return (
    typeof handle === 'object' &&
    handle !== null &&
    'writeUtf8String' in handle &&
    'writeBuffer' in handle &&
    'writeQueueSize' in handle
  );
}
