const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const none = Buffer.alloc(0);
const heldReturn = Buffer.from('\r');

/**
 * Lines that end with CRLF as mail programs keep them in files: with LF. A piece that it yields holds its bytes until the next is
 * taken, and so may those of `chunks`.
 */
export async function* withLineFeeds(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  /** A CR at the end of a chunk, until the next one tells what follows. */
  let held = none;
  let room = none;
  for await (const chunk of chunks) {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const endsOpen = bytes.at(-1) === carriageReturn;
    held = endsOpen ? heldReturn : none;
    const complete = endsOpen ? bytes.subarray(0, -1) : bytes;
    if (room.length < complete.length) room = Buffer.allocUnsafe(complete.length);
    yield convert(complete, room);
  }
  yield held;
}

/** Byte by byte: a body of empty lines must cost no more than any other. */
function convert(bytes: Buffer, room: Buffer): Buffer {
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== carriageReturn || bytes[at + 1] !== lineFeed) room[length++] = byte;
  }
  return room.subarray(0, length);
}
