const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const none = Buffer.alloc(0);

/** Lines that end with CRLF as mail programs keep them in files: with LF. */
export async function* withLineFeeds(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  /** A CR at the end of a chunk, until the next one tells what follows. */
  let open: Buffer = none;
  for await (const chunk of chunks) {
    const bytes = open.length === 0 ? chunk : Buffer.concat([open, chunk]);
    const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
    open = bytes.subarray(end);
    yield convert(bytes.subarray(0, end));
  }
  yield open;
}

/** Byte by byte: a body of empty lines must cost no more than any other. */
function convert(bytes: Buffer): Buffer {
  const converted = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== carriageReturn || bytes[at + 1] !== lineFeed) converted[length++] = byte;
  }
  return converted.subarray(0, length);
}
