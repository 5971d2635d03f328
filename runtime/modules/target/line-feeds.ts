const carriageReturn = 0x0d;
const crlf = Buffer.from('\r\n');
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

function convert(bytes: Buffer): Buffer {
  const converted = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf(crlf, at);
    length += bytes.copy(converted, length, at, lineEnd === -1 ? bytes.length : lineEnd);
    if (lineEnd === -1) break;
    converted[length++] = 0x0a;
    at = lineEnd + crlf.length;
  }
  return converted.subarray(0, length);
}
