import { Socket } from 'node:net';

/** What Node's own way asks for at once, too. */
const readSize = 65_536;

/**
 * Reads connections that others have opened past Node's streams, as `onread` does for those that a program opens itself: for each
 * read the stream takes 64 kB from the heap and a place in the queue of the event loop, which is a tenth of all that a message
 * costs. Node has no such option for a server, so the socket is made anew around the handle of the one that came; a Node that
 * keeps its handles elsewhere leaves it as it is.
 */
export class DirectInput {
  /** One for all connections: what has been read is lent to the listeners of `data`, until they return. */
  readonly #buffer = Buffer.allocUnsafeSlow(readSize);

  /** The socket to go on with; the one that came is of no use any more. Its `data` events must have a listener at all times, or bytes are lost. */
  takeOver(accepted: Socket): Socket {
    const handle: unknown = Reflect.get(accepted, '_handle');
    if (!readsIntoBuffer(handle) || hasBegun(accepted)) return accepted;
    const callback = (length: number): boolean => {
      direct.emit('data', this.#buffer.subarray(0, length));
      return true;
    };
    const options = { handle, allowHalfOpen: accepted.allowHalfOpen, onread: { buffer: this.#buffer, callback } };
    // Types know no other handle here than one of Node's own making.
    const direct: Socket = Reflect.construct(Socket, [options]);
    Reflect.set(accepted, '_handle', null);
    // It has nothing left to close, but its server counts it.
    accepted.destroy();
    return direct;
  }
}

function readsIntoBuffer(handle: unknown): handle is object {
  return typeof handle === 'object' && handle !== null && 'useUserBuffer' in handle;
}

/** Something has come already: who waits for a server that starts may have said something, or gone. */
function hasBegun(socket: Socket): boolean {
  return socket.bytesRead > 0 || socket.readableLength > 0 || socket.readableEnded || socket.destroyed;
}
